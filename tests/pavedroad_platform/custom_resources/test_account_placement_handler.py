from typing import Any

from pavedroad_platform.custom_resources.account_placement_handler import place


class Organizations:
    """As much of AWS Organizations as the function calls."""

    def __init__(self, parent: str) -> None:
        self.parent = parent
        self.moves = 0

    def list_parents(self, *, ChildId: str) -> dict[str, Any]:  # noqa: N803 - the name of the API
        assert ChildId == "666666666666"
        return {"Parents": [{"Id": self.parent, "Type": "ORGANIZATIONAL_UNIT"}]}

    def move_account(self, *, AccountId: str, SourceParentId: str, DestinationParentId: str) -> None:  # noqa: N803
        assert (AccountId, SourceParentId) == ("666666666666", self.parent)
        self.parent = DestinationParentId
        self.moves += 1


def event(request: str, parent: str = "ou-exam-workloads") -> dict[str, Any]:
    return {
        "RequestType": request,
        "PhysicalResourceId": "666666666666",
        "ResourceProperties": {"AccountId": "666666666666", "ParentId": parent},
    }


def test_an_account_moves_to_its_unit() -> None:
    organizations = Organizations("r-exam")
    assert place(event("Create"), organizations) == "666666666666"
    assert organizations.parent == "ou-exam-workloads"


def test_an_account_that_is_there_already_is_left_alone() -> None:
    organizations = Organizations("ou-exam-workloads")
    assert place(event("Create"), organizations) == "666666666666"
    assert organizations.moves == 0


def test_an_account_follows_the_configuration() -> None:
    organizations = Organizations("ou-exam-workloads")
    place(event("Update", "ou-exam-security"), organizations)
    assert organizations.parent == "ou-exam-security"


def test_an_account_that_leaves_the_configuration_stays_where_it_is() -> None:
    organizations = Organizations("ou-exam-workloads")
    assert place(event("Delete"), organizations) == "666666666666"
    assert organizations.moves == 0
