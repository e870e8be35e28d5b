"""config.yaml: every mistake at once, with its line, in words that help; everything else is typed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal

import jsonschema
import pytest
from pydantic import AfterValidator, Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError
from ruamel.yaml import YAML

from bot.config import Config, json_schema, load_config, write_schema
from bot.config_sections import (
    ENDPOINT_VARIABLE,
    MODEL_ADDRESS_VARIABLE,
    MODEL_KEY_VARIABLE,
    MODEL_NAME_VARIABLE,
    TOKEN_VARIABLE,
)
from bot.docs import Documents
from bot.errors import ConfigError
from bot.group_settings import ClockTime
from bot.messages import Texts
from bot.plugin import Plugin, Settings

Load = Callable[[str], Config]
Complain = Callable[[str], list[str]]
SHIPPED = Path(__file__).parents[2] / "config.yaml"


class WelcomeSettings(Settings):
    wait_seconds: int = Field(default=60, ge=5, le=600, title="等待时间", description="等几秒再欢迎")
    at: ClockTime = Field(default="09:00", title="早上几点", description="补欢迎的时间")
    tone: Literal["warm", "dry"] = Field(default="warm", title="口气", description="热情还是克制")
    hosts: list[str] = Field(default=[], max_length=3, title="伙伴", description="谁来接待")
    low: int = Field(default=1, title="下限", description="下限")
    high: int = Field(default=5, title="上限", description="上限")

    @model_validator(mode="after")
    def _low_before_high(self) -> WelcomeSettings:
        if self.low > self.high:
            raise ValueError("low exceeds high")
        return self


PLUGINS = [
    Plugin("welcome", title="迎新", summary="欢迎新人", settings=WelcomeSettings),
    Plugin("owner", title="群主台", always_on=True),
]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    def load(content: str) -> Config:
        path = tmp_path / "config.yaml"
        path.write_text(content, encoding="utf-8")
        return load_config(path, PLUGINS, {})

    return load


@pytest.fixture
def complain(load: Load) -> Complain:
    def complain(content: str) -> list[str]:
        with pytest.raises(ConfigError) as caught:
            load(content)
        said = Texts().said(caught.value)
        lines = said.split("\n")[1:]
        assert caught.value.values["count"] == len(lines)
        return lines

    return complain


def problems_of(path: Path, environment: dict[str, str] | None = None) -> str:
    with pytest.raises(ConfigError) as caught:
        load_config(path, PLUGINS, environment or {})
    return str(caught.value.values["problems"])


@pytest.mark.parametrize(
    "content", ["", "# nothing\n", "plugins:\n", "bot:\ngroup:\nplugins:\n  welcome:\nrooms:\n"]
)
def test_what_is_left_out_is_the_default(load: Load, content: str) -> None:
    config = load(content)
    assert (config.bot.name, config.group.quiet_from, config.sending.account_per_minute) == (
        "小群星",
        "22:30",
        8,
    )
    assert config.gateway.endpoint == "" and config.token.get_secret_value() == ""


def test_a_full_file_is_read(load: Load) -> None:
    config = load(
        "bot: {name: 小茶}\nplugins:\n  welcome: {wait_seconds: 30, enabled: no}\n"
        "rooms:\n  茶友会 :\n    group: {theme: 茶, quiet_from: 21:30}\n"
        "    plugins: {welcome: {enabled: yes}}\n  2024: {group: {quiet_until: '7：05'}}\n"
    )
    assert config.bot.name == "小茶"
    assert config.plugins["welcome"].enabled is False
    assert dict(config.plugins["welcome"].given) == {"wait_seconds": 30}
    assert config.room("茶友会").group["quiet_from"] == "21:30"
    assert config.room("茶友会").plugins["welcome"].enabled is True
    assert config.room("２０２４").group and not config.room("别的群").group


def test_settings_never_change_in_place(load: Load) -> None:
    config = load("")
    with pytest.raises(ValidationError):
        config.group.theme = "x"


def test_secrets_and_endpoint_come_from_the_environment(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("gateway: {endpoint: 10.0.0.1:1}", encoding="utf-8")
    config = load_config(
        path, PLUGINS, {ENDPOINT_VARIABLE: " 127.0.0.1:8788 ", TOKEN_VARIABLE: " puppet_x\n"}
    )
    assert config.gateway.endpoint == "127.0.0.1:8788"
    assert config.token.get_secret_value() == "puppet_x"
    assert "puppet_x" not in repr(config)
    assert load_config(path, PLUGINS, {}).gateway.endpoint == "10.0.0.1:1"


@pytest.mark.parametrize(
    ("content", "line", "said"),
    [
        ("plugins:\n  welcome:\n    wiat_seconds: 9", 3,
         "plugins.welcome.wiat_seconds 这个名字我不认识，你是不是想写 wait_seconds？"),
        ("bot:\n  loglevel: info", 2, "你是不是想写 log_level？"),
        ("plugin:\n  welcome: {}", 1, "你是不是想写 plugins？"),
        ("plugins:\n  welcom: {}", 2, "你是不是想写 welcome？"),
        ("rooms:\n  茶:\n    plugins:\n      wlecome: {}", 4,
         "rooms.茶.plugins.wlecome 这个名字我不认识，你是不是想写 welcome？"),
        ("alerts:\n  zzz: 1", 2, "这里可以写：webhook、command"),
        ("group:\n  wait_seconds: 9", 2, "它应该放在 plugins.welcome 下面"),
        ("bot:\n  rooms: {}", 2, "rooms 要顶格写"),
        ("gateway:\n  token: abc", 2, "WECHATY_PUPPET_SERVICE_TOKEN"),
        ("group:\n  sends_per_minute: 很多", 2, "要一个整数，现在写的是 很多"),
        ("group:\n  sends_per_minute: 1.5", 2, "要一个整数，现在写的是 1.5"),
        ("gateway:\n  ping_seconds: x", 2, "要一个数字"),
        ("group:\n  sends_per_hour: 9999", 2, "不能大于 200，现在写的是 9999"),
        ("group:\n  sends_per_hour: 0", 2, "不能小于 1"),
        ("gateway:\n  request_timeout_seconds: 0", 2, "要大于 0"),
        ("plugins:\n  welcome:\n    enabled: maybe", 3, "只有 true（开）和 false（关）两种"),
        ("bot:\n  name: 5", 2, "要一段文字，给它加上引号就好，现在写的是 5"),
        ("bot:\n  name: ''", 2, '太短了，最少 1，现在写的是 ""'),
        ("bot:\n  name: " + "长" * 30, 2, "太长了，最多 20"),
        ("bot:\n  log_level: loud", 2, "只能从这些里选：debug, info, warning, error，现在写的是 loud"),
        ("bot:\n  timezone: Asia/Shangai", 2, "要写成 Asia/Shanghai 这样的时区名"),
        ("bot:\n  data_folder: 5", 2, "要一段文字"),
        ("alerts:\n  webhook: example.com", 2, "写法不对"),
        ("gateway:\n  endpoint: 127.0.0.1", 2, "要写成「地址:端口」"),
        ("gateway:\n  endpoint: a:99999", 2, "要写成「地址:端口」"),
        ("plugins:\n  welcome:\n    hosts: 小明", 3, "要一个列表：每样一行，前面加「- 」，现在写的是 小明"),
        ("plugins:\n  welcome:\n    hosts: [a, b, c, d]", 3, "太长了，最多 3"),
        ("plugins:\n  welcome:\n    hosts:\n      - a\n      - 5", 5, "plugins.welcome.hosts.2 要一段文字"),
        ("keeping: 3", 1, "要换行缩进，写成若干行「名字: 值」，现在写的是 3"),
        ("rooms: [a]", 1, "要换行缩进"),
        ("sending:\n  pause_seconds_min: 9", 1, "说不通：pause_seconds_min 不能大于 pause_seconds_max"),
        ("plugins:\n  welcome:\n    low: 9", 2, "放在一起说不通：不合要求（low exceeds high）"),
        ("rooms:\n  茶:\n    plugins:\n      welcome:\n        high: 0", 4, "放在一起说不通"),
        ("plugins:\n  owner:\n    enabled: false", 3, "plugins.owner 是看家的，不能关"),
        ("rooms:\n  茶:\n    plugins:\n      owner:\n        enabled: false", 5, "不能关"),
        ("bot:\n  name: a\n  name: b", 3, "「name」写了两遍"),
        ("bot:\n\tname: x", 2, "Tab"),
        ("bot：\n  name: 小", 1, "冒号是中文的"),
        ("bot:\n  name：小\n  seed: 1", 2, "冒号是中文的"),
        ("bot:\n  name: '小\n", 3, "格式不对"),
        ("bot: [1,\n", 2, "格式不对"),
        ("- a\n- b", 1, "名字: 值"),
        ("bot: !!python/object:os.system x", 1, "格式不对"),
        ("bot:\n  name: a\x07", 2, "格式不对"),
        ("group:\n  theme: \n%YAML 9.9\n\n", 3, "格式不对"),
        ("bot: " + "[" * 5000, 1, "格式不对"),
    ],
)  # fmt: skip
def test_each_mistake_is_told_with_its_line(complain: Complain, content: str, line: int, said: str) -> None:
    [told] = complain(content)
    assert told.startswith(f"config.yaml 第 {line} 行：")
    assert said in told


@pytest.mark.parametrize("value", ["2130", "21.30", "21:3", "25:00", "'21'", "晚上", "[21, 30]", "21:30:00"])
def test_a_time_typed_wrong_is_shown_how_to_type(complain: Complain, value: str) -> None:
    [told] = complain(f"group:\n  quiet_from: {value}")
    assert told.startswith('config.yaml 第 2 行：group.quiet_from 要写成 "21:30" 这样的钟点，现在写的是 ')


@pytest.mark.parametrize(
    ("written", "meant"), [("21:30", "21:30"), ("7:05", "07:05"), ("21：30", "21:30"), ("晚上9点半", "21:30")]
)
def test_a_time_stays_a_time(load: Load, written: str, meant: str) -> None:
    assert load(f"group:\n  quiet_from: {written}").group.quiet_from == meant


def test_every_mistake_is_told_at_once_in_the_files_order(complain: Complain) -> None:
    told = complain(
        "group:\n  sends_per_hour: 0\n  them: 茶\nplugins:\n  welcome: {wait_seconds: 1}\n"
        "  x: 1\nbot:\n  name: a\n  name: 5\n"
    )
    assert [line.split("：")[0] for line in told] == [f"config.yaml 第 {n} 行" for n in (2, 3, 5, 6, 9, 9)]


def test_hostile_names_in_the_file_stay_on_their_line(complain: Complain) -> None:
    [told] = complain('plugins:\n  "we\\nl\\u202ecome\\e[31m": 1')
    assert "\x1b" not in told and "\u202e" not in told


def test_an_alias_of_itself_ends(complain: Complain) -> None:
    assert complain("bot: &a\n  name: *a")


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    assert "找不到这个文件" in problems_of(tmp_path / "nothing.yaml")


def test_a_folder_is_not_a_file(tmp_path: Path) -> None:
    assert "打不开" in problems_of(tmp_path)


@pytest.mark.parametrize(("encoding", "said"), [("gb18030", "GB18030"), ("utf-16", "UTF-16")])
def test_another_encoding_is_named(tmp_path: Path, encoding: str, said: str) -> None:
    path = tmp_path / "config.yaml"
    path.write_bytes("bot: {name: 小群星}".encode(encoding))
    assert said in problems_of(path)


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_bytes("bot: {name: 小茶}".encode("utf-8-sig"))
    assert load_config(path, PLUGINS, {}).bot.name == "小茶"


def test_a_wrong_endpoint_in_the_environment_names_the_variable(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text("", encoding="utf-8")
    said = problems_of(tmp_path / "config.yaml", {ENDPOINT_VARIABLE: "localhost"})
    assert ENDPOINT_VARIABLE in said and "localhost" in said


def test_the_schema_takes_what_the_bot_takes(tmp_path: Path) -> None:
    schema = json.loads(write_schema(tmp_path / "new", PLUGINS).read_text(encoding="utf-8"))
    assert schema == json_schema(PLUGINS)
    good = {"group": {"quiet_from": "21:30"}, "plugins": {"welcome": {"enabled": False}}, "rooms": {"茶": {}}}
    jsonschema.validate(good, schema)
    wrong: list[dict[str, object]] = [
        {"plugins": {"welcom": {}}},
        {"group": {"sends_per_minute": 0}},
        {"bot": {"name": 5}},
    ]
    for bad in wrong:
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(bad, schema)


def test_the_example_is_the_default(load: Load) -> None:
    example = Documents(PLUGINS, Texts()).config_example()
    config = load(example)
    default = Config()
    assert (config.bot, config.gateway, config.group) == (default.bot, default.gateway, default.group)
    assert (config.sending, config.keeping, config.alerts) == (
        default.sending,
        default.keeping,
        default.alerts,
    )
    assert WelcomeSettings(**config.plugins["welcome"].given) == WelcomeSettings()


def test_the_shipped_file_names_every_core_setting() -> None:
    shipped = YAML(typ="safe", pure=True).load(SHIPPED.read_text(encoding="utf-8"))
    for section, given in YAML(typ="safe", pure=True).load(Documents([], Texts()).config_example()).items():
        assert given is None or given.keys() == shipped[section].keys()


def test_a_plugins_own_check_speaks_in_its_own_words(tmp_path: Path) -> None:
    def even(value: int) -> int:
        if value % 2:
            raise PydanticCustomError("even", "an even number")
        return value

    class EvenSettings(Settings):
        pairs: Annotated[int, AfterValidator(even)] = Field(default=2, title="对数", description="成双")

    (tmp_path / "messages.yaml").write_text('expected.even: "要成双成对"', encoding="utf-8")
    (tmp_path / "config.yaml").write_text("plugins:\n  pairs:\n    pairs: 3", encoding="utf-8")
    plugin = Plugin("pairs", title="成双", settings=EvenSettings, folder=tmp_path)
    with pytest.raises(ConfigError) as caught:
        load_config(tmp_path / "config.yaml", [plugin], {})
    assert "plugins.pairs.pairs 要成双成对，现在写的是 3" in str(caught.value.values["problems"])


def test_the_language_model_stands_in_the_environment_alone(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text("", encoding="utf-8")
    places = {
        MODEL_ADDRESS_VARIABLE: " https://model.example/v1 ",
        MODEL_KEY_VARIABLE: "sk-1",
        MODEL_NAME_VARIABLE: "m",
    }
    config = load_config(tmp_path / "config.yaml", PLUGINS, places)
    assert config.llm is not None
    assert (config.llm.address, config.llm.name) == ("https://model.example/v1", "m")
    assert "sk-1" in config.secrets and "sk-1" not in repr(config)
    assert load_config(tmp_path / "config.yaml", PLUGINS, {}).llm is None
    assert MODEL_ADDRESS_VARIABLE in problems_of(tmp_path / "config.yaml", {MODEL_ADDRESS_VARIABLE: "model"})
