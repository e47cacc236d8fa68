"""A public certificate that renews itself, validated in a hosted zone."""

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

_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = rf"(\*\.)?({_LABEL}\.)+[a-z]([a-z0-9-]{{0,61}}[a-z0-9])?"
_DOMAIN_IN_WORDS = "a domain name in lower case, such as orders.example.com or *.example.com"
# RSA with 2048 bits is what every client knows; the others have shorter signatures or more strength.
_ALGORITHMS = ("RSA_2048", "EC_prime256v1", "EC_secp384r1")


class ValidatedCertificate(Construct):
    """A public certificate of ACM, validated by DNS in a hosted zone of Route 53, so that it is renewed by itself.

    Args:
        scope: The parent construct.
        construct_id: The id, unique among the parent's children.
        domain_name: The name that it is for; ``*.`` before it stands for all names one level beneath.
        hosted_zone: Where the names stand; the records that prove it are made there and must stay for renewals.
        alternative_names: Further names of the same zone, nine at most. Left out: none.
        key_algorithm: ``RSA_2048``, ``EC_prime256v1`` or ``EC_secp384r1``. Left out: ``RSA_2048``, which everything
            that takes a certificate knows.
        transparency_logging: Enter the certificate in the public logs that browsers ask for. Left out: entered.
            ``False`` leaves the warning ``pavedroad:certificate-not-transparent``.

    Attributes:
        certificate: The L2 certificate, with the id ``Resource``.

    Raises:
        InvalidArgumentsError: Arguments are malformed; all are named.

    Controls: ACM.1 (renewed before it expires), ACM.2 (RSA of 2048 bits or more), NIST SC-8, SC-12(3), SC-17.

    Example:
        >>> zone = route53.HostedZone.from_hosted_zone_attributes(
        ...     stack, "Zone", hosted_zone_id="Z0123456789", zone_name="example.com"
        ... )
        >>> orders = ValidatedCertificate(stack, "Certificate", domain_name="orders.example.com", hosted_zone=zone)
        >>> orders.add_alarms(topic)
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        domain_name: str,
        hosted_zone: route53.IHostedZone,
        alternative_names: Sequence[str] = (),
        key_algorithm: str = "RSA_2048",
        transparency_logging: bool = True,
    ) -> None:
        super().__init__(scope, construct_id)
        arguments = Arguments(self)
        arguments.matches("domain_name", domain_name, _DOMAIN, _DOMAIN_IN_WORDS)
        for name in alternative_names:
            arguments.matches("alternative_names", name, _DOMAIN, _DOMAIN_IN_WORDS)
        arguments.between("alternative_names", len(alternative_names), 0, 9)
        arguments.one_of("key_algorithm", key_algorithm, _ALGORITHMS)
        arguments.check()

        self.certificate = acm.Certificate(
            self,
            "Resource",
            domain_name=domain_name,
            subject_alternative_names=list(alternative_names) or None,
            validation=acm.CertificateValidation.from_dns(hosted_zone),
            key_algorithm=acm.KeyAlgorithm(key_algorithm),
            transparency_logging_enabled=transparency_logging,
        )
        if not transparency_logging:
            Annotations.of(self).add_warning_v2(
                "pavedroad:certificate-not-transparent",
                "The certificate is in no public log: browsers refuse it, and nobody sees when another is issued.",
            )
        resource = self.certificate.node.default_child
        assert isinstance(resource, acm.CfnCertificate)
        hold(
            self,
            "ValidatedCertificate renews itself, which takes validation by DNS; its ValidationMethod was changed",
            lambda: resource.validation_method == "DNS",
        )
        stamp(self)

    def metric_days_to_expiry(self) -> cloudwatch.Metric:
        """The days until the certificate expires: the least of a day."""
        return self.certificate.metric_days_to_expiry(period=Duration.days(1), statistic="Minimum")

    def add_alarms(self, topic: sns.ITopic, *, days_to_expiry: float = 45) -> list[cloudwatch.Alarm]:
        """Tell ``topic`` when the certificate was not renewed in time.

        Args:
            topic: Told on alarm and on recovery; it must admit ``cloudwatch.amazonaws.com``.
            days_to_expiry: Fewer days than this are left. ACM renews 60 days before the end. Left out: 45.
        """
        return [
            notifying_alarm(
                self,
                "ExpiryAlarm",
                metric=self.metric_days_to_expiry(),
                threshold=days_to_expiry,
                description="The certificate is not renewed. Look whether its CNAME records still stand in the zone, "
                "and whether a CAA record keeps Amazon from issuing it.",
                topic=topic,
                comparison=cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
                evaluation_periods=1,
                missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
            )
        ]
