"""Image Builder tells what CloudFormation made, and nothing else."""

from typing import Any

import pytest

PROPERTIES = {
    "Name": "hardened",
    "InstanceProfileName": "builder",
    "InstanceMetadataOptions": {"HttpTokens": "required", "HttpPutResponseHopLimit": 1},
    "Tags": {"Team": "orders"},
}


def test_what_was_made_is_told_in_the_words_of_the_service(emulator: Any) -> None:
    resource = {"Type": "AWS::ImageBuilder::InfrastructureConfiguration", "Properties": PROPERTIES}
    made = emulator.deploy({"Builder": resource}, outputs={"Arn": {"Fn::GetAtt": ["Builder", "Arn"]}})
    answer = emulator.client("imagebuilder").get_infrastructure_configuration(
        infrastructureConfigurationArn=made["Arn"]
    )["infrastructureConfiguration"]
    assert (answer["arn"], answer["name"]) == (made["Arn"], "hardened")
    assert answer["instanceMetadataOptions"] == {"httpTokens": "required", "httpPutResponseHopLimit": 1}
    assert answer["tags"]["Team"] == "orders"


def test_what_was_not_made_is_not_found(emulator: Any) -> None:
    client = emulator.client("imagebuilder")
    arn = "arn:aws:imagebuilder:eu-west-1:666666666666:image-pipeline/missing"
    with pytest.raises(client.exceptions.ClientError, match="ResourceNotFoundException"):
        client.get_image_pipeline(imagePipelineArn=arn)


def test_what_is_not_emulated_says_so(emulator: Any) -> None:
    client = emulator.client("imagebuilder")
    with pytest.raises(client.exceptions.ClientError, match="is not emulated"):
        client.list_image_pipelines()
