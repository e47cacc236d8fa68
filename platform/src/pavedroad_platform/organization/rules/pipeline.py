"""Rules for the platform's own pipeline."""

from collections.abc import Iterator

from pavedroad_platform.errors import Problem
from pavedroad_platform.organization.rules.files import Files


def repositories_are_named_as_their_source_does(files: Files) -> Iterator[Problem]:
    """A connection knows repositories by owner and name, CodeCommit by the name alone."""
    source = files.root("pipeline").child("source")
    repository = source.word("repository") if source else None
    if source is None or repository is None:
        return
    has_owner = "/" in repository.value
    if source.child("connection_arn") and not has_owner:
        cause = f"{repository.value} names no owner, and a connection knows repositories as owner/name"
        yield repository.problem(cause, "Write it as in its address, such as my-company/paved-road.")
    if has_owner and not source.child("connection_arn"):
        cause = f"{repository.value} is not the name of a CodeCommit repository, and there is no connection"
        yield repository.problem(cause, "Add connection_arn, or write the name of a CodeCommit repository.")


def somebody_approves(files: Files) -> Iterator[Problem]:
    """An approval that nobody is asked for would wait for a week and fail."""
    root = files.root("pipeline")
    approval = root.child("approval")
    if isinstance(root.value, dict) and (approval is None or approval.value is True) and not root.items("approvers"):
        cause = "production waits for an approval, and nobody is asked for it"
        fix = "List addresses under approvers:, or write approval: false, so that a proof alone decides."
        yield root.problem(cause, fix)
