"""Patches the operating system of running instances on a schedule."""

from dataclasses import dataclass

from aws_cdk import aws_ssm as ssm
from constructs import Construct

from pavedroad.arguments import Arguments


@dataclass(frozen=True, kw_only=True)
class InstancePatching:
    """State Manager runs AWS-RunPatchBaseline, with the account's patch baseline.

    Attributes:
        schedule: When, in UTC, as State Manager writes it. Left out: Sundays at 03:00, ``cron(0 3 ? * SUN *)``.
        operation: ``Install`` or ``Scan``. Left out: ``Install``. ``Scan`` leaves the warning
            ``pavedroad:fleet-not-patched``.
        reboot: Restart an instance whose patches need it. Left out: it is restarted.
        max_concurrency: Instances at once, as a number or a share. Left out: ``25%``.
        max_errors: Failures after which it is stopped. Left out: ``10%``.
    """

    schedule: str = "cron(0 3 ? * SUN *)"
    operation: str = "Install"
    reboot: bool = True
    max_concurrency: str = "25%"
    max_errors: str = "10%"

    def check(self, arguments: Arguments) -> None:
        """Refuse what State Manager does not accept."""
        arguments.matches(
            "patching.schedule",
            self.schedule,
            r"cron\(\S+( \S+){5}\)|rate\(\d+ (minutes?|hours?|days?)\)",
            "a schedule, such as cron(0 3 ? * SUN *) or rate(7 days)",
        )
        arguments.one_of("patching.operation", self.operation, ("Install", "Scan"))
        share = r"[1-9]\d{0,3}|[1-9]\d?%|100%"
        arguments.matches("patching.max_concurrency", self.max_concurrency, share, "a number or a share, such as 25%")
        arguments.matches("patching.max_errors", self.max_errors, f"0|0%|{share}", "a number or a share, such as 10%")

    def associate(self, scope: Construct, group_name: str) -> ssm.CfnAssociation:
        """Patch the instances of the group, whichever they are at the time."""
        return ssm.CfnAssociation(
            scope,
            "Patching",
            name="AWS-RunPatchBaseline",
            association_name=None,
            parameters={
                "Operation": [self.operation],
                "RebootOption": ["RebootIfNeeded" if self.reboot else "NoReboot"],
            },
            targets=[ssm.CfnAssociation.TargetProperty(key="tag:aws:autoscaling:groupName", values=[group_name])],
            schedule_expression=self.schedule,
            # Instances that are new come from an image that is; without this each would be patched at its start.
            apply_only_at_cron_interval=self.schedule.startswith("cron"),
            compliance_severity="HIGH",
            max_concurrency=self.max_concurrency,
            max_errors=self.max_errors,
        )
