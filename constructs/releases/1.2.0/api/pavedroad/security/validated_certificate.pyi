from collections.abc import Sequence
from aws_cdk import Annotations, Duration
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_sns as sns
from constructs import Construct
from pavedroad.arguments import Arguments
from pavedroad.invariants import hold
from pavedroad.observability.alarms import notifying_alarm
from pavedroad.version_stamp import stamp
_LABEL = '[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?'
_DOMAIN = f'(\\*\\.)?({_LABEL}\\.)+[a-z]([a-z0-9-]{{0,61}}[a-z0-9])?'
_DOMAIN_IN_WORDS = 'a domain name in lower case, such as orders.example.com or *.example.com'
_ALGORITHMS = ('RSA_2048', 'EC_prime256v1', 'EC_secp384r1')

class ValidatedCertificate(Construct):

    def __init__(self, scope: Construct, construct_id: str, *, domain_name: str, hosted_zone: route53.IHostedZone, alternative_names: Sequence[str]=(), key_algorithm: str='RSA_2048', transparency_logging: bool=True) -> None:
        self.certificate = ...

    def metric_days_to_expiry(self) -> cloudwatch.Metric:
        ...

    def add_alarms(self, topic: sns.ITopic, *, days_to_expiry: float=45) -> list[cloudwatch.Alarm]:
        ...
