"""The checks of finished templates, in the order in which they are run: the quickest first."""

from pathlib import Path

from pavedroad_platform.checks.findings import Check


def template_checks(configuration: Path = Path("platform/organization")) -> list[Check]:
    """Our own rules, the cdk-nag packs, CloudFormation's validators, checkov and parliament.

    Args:
        configuration: The organisation's configuration, for the region that is deployed to.
    """
    from pavedroad_platform.checks.checkov import Checkov
    from pavedroad_platform.checks.cloudformation import CfnLint, CloudFormationValidate
    from pavedroad_platform.checks.nag import NagPacks
    from pavedroad_platform.checks.policies import Parliament
    from pavedroad_platform.checks.rules.own_rules import OwnRules
    from pavedroad_platform.organization import load_organization

    region = load_organization(configuration).home_region
    return [OwnRules(), CloudFormationValidate(), Parliament(), NagPacks(), Checkov(), CfnLint([region])]
