from dataclasses import dataclass
from aws_cdk import aws_ssm as ssm
from constructs import Construct
from pavedroad.arguments import Arguments

@dataclass(frozen=True, kw_only=True)
class InstancePatching:
    schedule: str = 'cron(0 3 ? * SUN *)'
    operation: str = 'Install'
    reboot: bool = True
    max_concurrency: str = '25%'
    max_errors: str = '10%'

    def check(self, arguments: Arguments) -> None:
        ...

    def associate(self, scope: Construct, group_name: str) -> ssm.CfnAssociation:
        ...
