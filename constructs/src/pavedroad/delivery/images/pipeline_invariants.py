"""What stays true of an image pipeline, whatever a mixin, an injector or an escape hatch does to it."""

from typing import Any

from aws_cdk import Stack
from aws_cdk import aws_imagebuilder as imagebuilder
from constructs import Construct

from pavedroad.invariants import hold


def hold_pipeline(
    construct: Construct,
    *,
    pipeline: imagebuilder.CfnImagePipeline,
    recipe: imagebuilder.CfnImageRecipe | imagebuilder.CfnContainerRecipe,
    infrastructure: imagebuilder.CfnInfrastructureConfiguration,
) -> None:
    """Hold the tests, the encryption of volumes, and the metadata and login of build instances."""
    resolve = Stack.of(construct).resolve

    def tested() -> bool:
        tests: dict[str, Any] = resolve(pipeline.image_tests_configuration) or {}
        return tests.get("imageTestsEnabled") is True

    def encrypted() -> bool:
        if isinstance(recipe, imagebuilder.CfnImageRecipe):
            mappings: list[dict[str, Any]] = resolve(recipe.block_device_mappings) or []
        else:
            mappings = (resolve(recipe.instance_configuration) or {}).get("blockDeviceMappings", [])
        volumes = [each.get("ebs", {}) for each in mappings]
        return bool(volumes) and all(each.get("encrypted") is True and each.get("kmsKeyId") for each in volumes)

    def guarded() -> bool:
        metadata: dict[str, Any] = resolve(infrastructure.instance_metadata_options) or {}
        return metadata.get("httpTokens") == "required" and not infrastructure.key_pair

    name = type(construct).__name__
    hold(construct, f"{name} tests images before they are used; its ImageTestsConfiguration was turned off", tested)
    hold(construct, f"{name} encrypts images with a KMS key; the volumes of its recipe are no longer", encrypted)
    hold(construct, f"{name} builds without keys and with IMDSv2; its infrastructure was weakened", guarded)
