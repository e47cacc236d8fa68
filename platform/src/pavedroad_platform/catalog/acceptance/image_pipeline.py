"""Images are encrypted with their own key, scanned and tested; whatever builds them is hardened and admits nobody."""

from collections.abc import Iterator

from pavedroad_platform.catalog.promises.encryption import key_problems, log_problems
from pavedroad_platform.catalog.promises.instances import closed_problems
from pavedroad_platform.proving.acceptance import Launched


def problems(launched: Launched) -> Iterator[str]:
    """What is wrong with a launch of image-pipeline."""
    outputs, builder = launched.outputs, launched.client("imagebuilder")
    key = outputs["EncryptionKeyArn"]
    pipeline = builder.get_image_pipeline(imagePipelineArn=outputs["PipelineArn"])["imagePipeline"]
    if not pipeline.get("imageTestsConfiguration", {}).get("imageTestsEnabled"):
        yield "images are not tested"
    if not pipeline.get("imageScanningConfiguration", {}).get("imageScanningEnabled"):
        yield "images are not scanned"
    recipe = builder.get_image_recipe(imageRecipeArn=pipeline["imageRecipeArn"])["imageRecipe"]
    volumes = [each["ebs"] for each in recipe["blockDeviceMappings"] if "ebs" in each]
    if not volumes or not all(each.get("encrypted") and each.get("kmsKeyId") == key for each in volumes):
        yield "the volumes of images are not encrypted with their own key"
    distribution = builder.get_distribution_configuration(
        distributionConfigurationArn=pipeline["distributionConfigurationArn"]
    )["distributionConfiguration"]
    for each in distribution["distributions"]:
        if each["amiDistributionConfiguration"].get("kmsKeyId") != key:
            yield f"images in {each['region']} are not encrypted with their own key"
    infrastructure = builder.get_infrastructure_configuration(
        infrastructureConfigurationArn=pipeline["infrastructureConfigurationArn"]
    )["infrastructureConfiguration"]
    if infrastructure.get("instanceMetadataOptions", {}).get("httpTokens") != "required":
        yield "the metadata of instances that build is read without a token"
    yield from closed_problems(launched, outputs["SecurityGroupId"])
    yield from key_problems(launched, key)
    yield from log_problems(launched, outputs["LogGroupName"])
