"""Rules for pipelines that build images."""

from collections.abc import Callable, Mapping

from pavedroad_platform.checks.rules.rule import Rule, equals, is_intrinsic, is_true, present

_RECIPE = "AWS::ImageBuilder::ImageRecipe"
_CONTAINER = "AWS::ImageBuilder::ContainerRecipe"
_INFRASTRUCTURE = "AWS::ImageBuilder::InfrastructureConfiguration"
_DISTRIBUTION = "AWS::ImageBuilder::DistributionConfiguration"
_PIPELINE = "AWS::ImageBuilder::ImagePipeline"
_LIFECYCLE = "AWS::ImageBuilder::LifecyclePolicy"
_BEST_PRACTICES = "https://docs.aws.amazon.com/imagebuilder/latest/userguide/security-best-practices.html"
_LIFECYCLES = "https://docs.aws.amazon.com/imagebuilder/latest/userguide/manage-image-lifecycles.html"
_OWN_KEY = "encrypts with the key that AWS manages, or not at all: name a customer managed key"


def _is_about(kind: str) -> Callable[[Mapping[str, object]], bool]:
    return lambda properties: properties.get("ResourceType") == kind


def _absent(value: object) -> bool:
    return value is None or is_intrinsic(value)


RULES: tuple[Rule, ...] = (
    *(
        rule
        for number, (resource_type, volumes) in enumerate(
            (
                (_RECIPE, "BlockDeviceMappings.*.Ebs"),
                (_CONTAINER, "InstanceConfiguration.BlockDeviceMappings.*.Ebs"),
            )
        )
        for rule in (
            Rule(
                id=f"PavedRoad-ImageBuilder-{1 + 3 * number}",
                resource_type=resource_type,
                place=f"{volumes}.Encrypted",
                requires=is_true,
                message="builds on volumes that are not encrypted: set Encrypted",
                source="AWS Security Hub EC2.3",
            ),
            Rule(
                id=f"PavedRoad-ImageBuilder-{2 + 3 * number}",
                resource_type=resource_type,
                place=f"{volumes}.KmsKeyId",
                requires=present,
                message=_OWN_KEY,
                source="NIST SP 800-53 SC-12",
            ),
            Rule(
                id=f"PavedRoad-ImageBuilder-{3 + 3 * number}",
                resource_type=resource_type,
                place=f"{volumes}.DeleteOnTermination",
                requires=is_true,
                message="leaves the volumes of builds behind: set DeleteOnTermination",
                source=_BEST_PRACTICES,
            ),
        )
    ),
    *(
        Rule(
            id=f"PavedRoad-ImageBuilder-{7 + number}",
            resource_type=resource_type,
            place="KmsKeyId",
            requires=present,
            message=_OWN_KEY,
            source="NIST SP 800-53 SC-12",
        )
        for number, resource_type in enumerate(("AWS::ImageBuilder::Component", _CONTAINER))
    ),
    Rule(
        id="PavedRoad-ImageBuilder-9",
        resource_type=_INFRASTRUCTURE,
        place="InstanceMetadataOptions.HttpTokens",
        requires=equals("required"),
        message="gives the role of build instances to whoever makes them ask for it: set HttpTokens to required",
        source="AWS Security Hub EC2.8",
    ),
    Rule(
        id="PavedRoad-ImageBuilder-10",
        resource_type=_INFRASTRUCTURE,
        place="SecurityGroupIds",
        requires=present,
        message="takes the default security group of the VPC: name a security group",
        source="AWS Security Hub EC2.2",
    ),
    Rule(
        id="PavedRoad-ImageBuilder-11",
        resource_type=_INFRASTRUCTURE,
        place="TerminateInstanceOnFailure",
        requires=is_true,
        message="leaves instances of failed builds running, unpatched: set TerminateInstanceOnFailure",
        source=_BEST_PRACTICES,
    ),
    Rule(
        id="PavedRoad-ImageBuilder-12",
        resource_type=_INFRASTRUCTURE,
        place="KeyPair",
        requires=_absent,
        message="lets people change images while they are built: leave KeyPair out",
        source=_BEST_PRACTICES,
    ),
    Rule(
        id="PavedRoad-ImageBuilder-13",
        resource_type=_DISTRIBUTION,
        place="Distributions.*.AmiDistributionConfiguration.KmsKeyId",
        requires=present,
        message=_OWN_KEY,
        source="NIST SP 800-53 SC-12",
        when=lambda properties: "AmiDistributionConfiguration" in str(properties),
    ),
    *(
        Rule(
            id=f"PavedRoad-ImageBuilder-{14 + number}",
            resource_type=_PIPELINE,
            place=place,
            requires=is_true,
            message=message,
            source=source,
        )
        for number, (place, message, source) in enumerate(
            (
                (
                    "ImageTestsConfiguration.ImageTestsEnabled",
                    "distributes what nobody tested: set ImageTestsEnabled",
                    "NIST SP 800-53 SA-11",
                ),
                (
                    "ImageScanningConfiguration.ImageScanningEnabled",
                    "keeps no findings of an image: set ImageScanningEnabled",
                    "NIST SP 800-53 RA-5",
                ),
                (
                    "EnhancedImageMetadataEnabled",
                    "does not tell which packages are in an image: set EnhancedImageMetadataEnabled",
                    "NIST SP 800-53 CM-8",
                ),
            )
        )
    ),
    Rule(
        id="PavedRoad-ImageBuilder-17",
        resource_type=_PIPELINE,
        place="LoggingConfiguration.ImageLogGroupName",
        requires=present,
        message="logs to a group that is not encrypted and kept for ever: name a log group",
        source="NIST SP 800-53 AU-11",
    ),
    *(
        Rule(
            id=f"PavedRoad-ImageBuilder-{18 + number}",
            resource_type=resource_type,
            place="Status",
            requires=equals(None, "ENABLED"),
            message=message,
            source=source,
        )
        for number, (resource_type, message, source) in enumerate(
            (
                (_PIPELINE, "builds no new image when updates come: set Status to ENABLED", "NIST SP 800-53 SI-2"),
                (_LIFECYCLE, "keeps images with known holes: set Status to ENABLED", _LIFECYCLES),
            )
        )
    ),
    *(
        Rule(
            id=f"PavedRoad-ImageBuilder-{20 + number}",
            resource_type=_LIFECYCLE,
            place=f"PolicyDetails.*.Action.IncludeResources.{what}",
            requires=is_true,
            message=f"leaves images with known holes behind: set {what}",
            source=_LIFECYCLES,
            when=_is_about(kind),
        )
        for number, (kind, what) in enumerate(
            (("AMI_IMAGE", "Amis"), ("AMI_IMAGE", "Snapshots"), ("CONTAINER_IMAGE", "Containers"))
        )
    ),
)
