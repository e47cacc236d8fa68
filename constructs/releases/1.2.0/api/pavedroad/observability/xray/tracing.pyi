from collections.abc import Sequence
from dataclasses import dataclass
from aws_cdk import Annotations, ArnFormat, Aws, Names, Stack, Token
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_xray as xray
from constructs import Construct
from pavedroad.arguments import Arguments
from pavedroad.naming import unique_name
from pavedroad.version_stamp import stamp

@dataclass(frozen=True, kw_only=True)
class SamplingRule:
    priority: int
    fixed_rate_percent: float
    reservoir: int = 1
    service_name: str = '*'
    http_method: str = '*'
    url_path: str = '*'
    host: str = '*'

class Tracing(Construct):

    def __init__(self, scope: Construct, construct_id: str, *, filter_expression: str, group_name: str | None=None, insights: bool=True, notify_insights: bool=False, sampling_rules: Sequence[SamplingRule]=(), transaction_search_percent: float | None=None) -> None:
        self.group = ...
        self.sampling_rules = ...
        self.transaction_search = ...

    def grant_write(self, grantee: iam.IGrantable) -> iam.Grant:
        ...
