"""One real gateway for all contract tests (it takes a second to start), and the two sides of each story."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.contract.node_gateway import NodeGateway
from tests.contract.node_side import NodeSide
from tests.contract.sides import Side
from tests.contract.simulated_side import SimulatedSide


@pytest.fixture(scope="session")
def shared_gateway() -> Iterator[NodeGateway]:
    with NodeGateway() as gateway:
        yield gateway


@pytest.fixture(params=["simulated", pytest.param("node", marks=pytest.mark.node)])
def side(request: pytest.FixtureRequest) -> Side:
    """The same cast on the simulated puppet and on the real gateway."""
    if request.param == "simulated":
        return SimulatedSide()
    return NodeSide(request.getfixturevalue("shared_gateway"))


@pytest.fixture
def node(shared_gateway: NodeGateway) -> NodeSide:
    """For what only the real gateway can do."""
    return NodeSide(shared_gateway)
