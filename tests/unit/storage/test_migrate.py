"""Upgrades: the schema that the tables declare, all of it or nothing."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Table, create_engine, event
from sqlalchemy.engine import Connection
from sqlalchemy.pool import NullPool

from bot.errors import StorageError
from bot.host import find_plugins
from bot.storage import migrate
from bot.storage.migrate import is_modelled, newest_version, upgrade
from bot.storage.tables import Base

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
Schema = list[tuple[str, str, str]]


def schema(file: Path) -> Schema:
    """Everything in a database's schema as (kind, name, SQL), spaces made alike."""
    with sqlite3.connect(file) as raw:
        rows = raw.execute("SELECT type, name, coalesce(sql, '') FROM sqlite_master ORDER BY 1, 2").fetchall()
    raw.close()
    return [(kind, name, re.sub(r"\s+", " ", text)) for kind, name, text in rows]


def core_versions(tmp_path: Path, count: int) -> Path:
    """A copy of the migrations with only the first `count` versions."""
    copy = tmp_path / "migrations"
    (copy / "versions").mkdir(parents=True)
    for name in ("env.py", "script.py.mako"):
        (copy / name).write_text((migrate.MIGRATIONS / name).read_text())
    for script in sorted((migrate.MIGRATIONS / "versions").glob("0*.py"))[:count]:
        (copy / "versions" / script.name).write_text(script.read_text())
    return copy


def test_a_fresh_database_has_what_the_tables_declare(tmp_path: Path) -> None:
    find_plugins()  # their tables and versions are in the same line
    upgrade(tmp_path)
    file = tmp_path / "qunxing.sqlite3"
    with create_engine(f"sqlite:///{file}", poolclass=NullPool).connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": _is_ours})
        assert compare_metadata(context, Base.metadata) == []
    declared = tmp_path / "declared.sqlite3"
    tables = [table for table in Base.metadata.sorted_tables if table.name in _our_tables()]
    Base.metadata.create_all(create_engine(f"sqlite:///{declared}", poolclass=NullPool), tables)
    wanted = {entry for entry in schema(declared) if entry[0] == "index"}  # alembic ignores their conditions
    assert wanted == {e for e in schema(file) if e[0] == "index" and "alembic" not in e[1]}


def _our_tables() -> set[str]:
    """The tables of the core and the plugins; other tests may have declared more."""
    ours = [m for m in Base.registry.mappers if m.class_.__module__.startswith(("bot.", "plugins."))]
    return {table.name for m in ours for table in m.tables if isinstance(table, Table)}


def _is_ours(thing: object, name: str | None, kind: str, reflected: bool, other: object) -> bool:
    return is_modelled(name, kind, None) and (kind != "table" or reflected or name in _our_tables())


def test_there_is_one_line_of_versions() -> None:
    script = ScriptDirectory(str(migrate.MIGRATIONS))
    line = [revision.revision for revision in script.walk_revisions()]
    files = sorted(path.name for path in (migrate.MIGRATIONS / "versions").glob("0*.py"))
    assert script.get_heads() == [newest_version()]
    assert list(reversed(line)) == [name.split("_")[0] for name in files]
    assert line == sorted(line, reverse=True)


def test_upgrading_again_changes_nothing_and_makes_no_backup(tmp_path: Path) -> None:
    assert upgrade(tmp_path, now=NOW) == newest_version()
    before = schema(tmp_path / "qunxing.sqlite3")
    assert upgrade(tmp_path, now=NOW) == newest_version()
    assert schema(tmp_path / "qunxing.sqlite3") == before
    assert not (tmp_path / "backups").exists()


def test_an_existing_database_is_copied_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = _database_at_first_version(tmp_path, monkeypatch)
    upgrade(tmp_path / "data", now=NOW)
    backup = tmp_path / "data" / "backups" / f"before-{newest_version()}-20260301T120000Z.sqlite3"
    assert schema(backup) == old
    assert backup.stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in backup.parent.iterdir()) == [backup.name]
    with sqlite3.connect(backup) as raw:
        assert raw.execute("SELECT name FROM member").fetchall() == [("甲",)]


def test_a_database_from_a_newer_bot_is_refused_and_left_alone(tmp_path: Path) -> None:
    upgrade(tmp_path)
    with sqlite3.connect(tmp_path / "qunxing.sqlite3") as raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
    before = schema(tmp_path / "qunxing.sqlite3")
    with pytest.raises(StorageError) as refusal:
        upgrade(tmp_path)
    assert (refusal.value.key, refusal.value.values["version"]) == ("database_newer", "9999")
    assert schema(tmp_path / "qunxing.sqlite3") == before


def test_an_upgrade_stopped_at_any_statement_leaves_the_old_schema(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = _database_at_first_version(tmp_path, monkeypatch)
    file = tmp_path / "data" / "qunxing.sqlite3"
    steps = 0
    while _upgrade_stopping_at(tmp_path / "data", steps):
        assert schema(file) == old
        steps += 1
    assert steps > 10
    assert schema(file) != old


def _upgrade_stopping_at(folder: Path, step: int) -> bool:
    """Upgrade, raising at the given statement; whether it was reached."""
    seen = 0

    def stop(conn: Connection, cursor: object, statement: str, *rest: object) -> None:
        nonlocal seen
        seen += 1
        if seen > step:
            raise InterruptedError(statement)

    def watch(connection: Connection) -> None:
        event.listen(connection.engine, "before_cursor_execute", stop)
        apply(connection)

    apply = migrate.apply
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(migrate, "apply", watch)
        try:
            upgrade(folder, now=NOW)
        except InterruptedError:
            return True
    return False


KILLED = """
import os, sys
from pathlib import Path
from sqlalchemy import event
from bot.storage import migrate

migrate.MIGRATIONS = Path(sys.argv[2])
left = int(sys.argv[3])

def die(*args):
    global left
    left -= 1
    if left < 0:
        os._exit(9)

def watch(connection):
    event.listen(connection.engine, "after_cursor_execute", die)
    apply(connection)

apply, migrate.apply = migrate.apply, watch
migrate.upgrade(Path(sys.argv[1]))
"""


@pytest.mark.parametrize("step", [0, 1, 5, 9, 14, 10_000])
def test_a_process_killed_in_an_upgrade_leaves_the_old_schema_or_the_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    old = _database_at_first_version(tmp_path, monkeypatch)
    folder = tmp_path / "data"
    command = [sys.executable, "-c", KILLED, str(folder), str(migrate.MIGRATIONS), str(step)]
    died = subprocess.run(command, check=False).returncode == 9
    assert died == (step < 10_000)
    assert (schema(folder / "qunxing.sqlite3") == old) == died
    assert upgrade(folder) == newest_version()
    with sqlite3.connect(folder / "qunxing.sqlite3") as raw:
        assert raw.execute("SELECT name FROM member").fetchall() == [("甲",)]
        assert raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def _database_at_first_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Schema:
    """A database in `data` made by a bot that knew the first version only, with a row in it."""
    known = migrate.MIGRATIONS
    monkeypatch.setattr(migrate, "MIGRATIONS", core_versions(tmp_path, 1))
    upgrade(tmp_path / "data")
    monkeypatch.setattr(migrate, "MIGRATIONS", known)
    file = tmp_path / "data" / "qunxing.sqlite3"
    with sqlite3.connect(file) as raw:
        raw.execute("INSERT INTO member VALUES (1, '甲', 'person', 0, 0, 0, 0, NULL)")
    raw.close()
    return schema(file)


REBUILD = """
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "7777", "{down}", None, None

def upgrade():
    with op.batch_alter_table("member") as batch:
        batch.add_column(sa.Column("motto", sa.Text(), nullable=False, server_default=""))
        batch.alter_column("name", type_=sa.String(50))
    {more}
"""


def test_rebuilding_a_table_keeps_its_children(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = _database_with_children(tmp_path, monkeypatch, more="")
    upgrade(tmp_path / "data")
    with sqlite3.connect(file) as raw:
        assert raw.execute("SELECT text FROM message").fetchall() == [("话",)]
        assert raw.execute("SELECT name, motto FROM member").fetchall() == [("甲", "")]


def test_an_upgrade_that_would_orphan_rows_is_undone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = _database_with_children(tmp_path, monkeypatch, more='op.execute("DELETE FROM member")')
    before = schema(file)
    with pytest.raises(StorageError):
        upgrade(tmp_path / "data")
    assert schema(file) == before
    with sqlite3.connect(file) as raw:
        assert raw.execute("SELECT name FROM member").fetchall() == [("甲",)]


def _database_with_children(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: str) -> Path:
    """A database with a member who said something, and one more version that rebuilds `member`."""
    upgrade(tmp_path / "data")
    file = tmp_path / "data" / "qunxing.sqlite3"
    with sqlite3.connect(file) as raw:
        raw.execute("INSERT INTO member VALUES (1, '甲', 'person', 0, 0, 0, 0, NULL)")
        raw.execute(
            "INSERT INTO message (member_id, at, kind, text, origin, mentions_bot, recalled)"
            " VALUES (1, 0, 'text', '话', 'live', 0, 0)"
        )
    raw.close()
    versions = core_versions(tmp_path, 10_000)
    (versions / "versions" / "7777_rebuild.py").write_text(REBUILD.format(down=newest_version(), more=more))
    monkeypatch.setattr(migrate, "MIGRATIONS", versions)
    return file


def test_a_folder_with_a_percent_sign_and_spaces_will_do(tmp_path: Path) -> None:
    assert upgrade(tmp_path / "100% 茶 data") == newest_version()
