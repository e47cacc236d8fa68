"""Resources that the form decides about: what a construct decides in Python is decided by a condition at launch."""

from aws_cdk import CfnCondition, CfnResource
from constructs import IConstruct


def make_only_if(condition: CfnCondition, *made: IConstruct) -> None:
    """Make the resources of these constructs, and of all beneath them, only where ``condition`` holds."""
    for construct in made:
        for child in construct.node.find_all():
            if isinstance(child, CfnResource):
                child.cfn_options.condition = condition
