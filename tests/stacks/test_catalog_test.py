import json

import pytest

TEST, HUB = "pavedroad-catalog-test", "pavedroad-catalog"


@pytest.fixture
def products(resources):
    """What a stack publishes: versions and the addresses of their templates by product."""

    def published(stack):
        return {
            made["Properties"]["Name"]: [
                (version["Name"], version["Info"]["LoadTemplateFromURL"]["Fn::Sub"].rsplit("/", 1)[1])
                for version in made["Properties"]["ProvisioningArtifactParameters"]
            ]
            for made in resources(stack, "AWS::ServiceCatalog::CloudFormationProduct").values()
        }

    return published


def test_the_test_account_proves_the_very_templates_that_are_published(products, organization) -> None:
    assert products(TEST) == products(HUB)
    assert set(products(TEST)) == set(organization.catalog.products)


def test_nothing_is_shared_from_the_test_account(resources) -> None:
    assert resources(HUB, "Custom::PortfolioShare")
    assert resources(TEST, "Custom::PortfolioShare") == {}
    assert resources(TEST, "AWS::ServiceCatalog::PortfolioShare") == {}


def test_cloudformation_and_the_proof_role_launch_there_and_nobody_else(resources, organization) -> None:
    admitted = {
        made["Properties"]["PrincipalARN"]["Fn::Join"][1][-1].rsplit("/")[-1]
        for made in resources(TEST, "AWS::ServiceCatalog::PortfolioPrincipalAssociation").values()
    }
    assert admitted == {"cdk-hnb659fds-cfn-exec-role-888888888888-eu-west-1", "PavedRoadCatalogProof"}


def test_products_find_their_owner_in_the_test_account(resources) -> None:
    names = {made["Properties"]["Name"] for made in resources(TEST, "AWS::SSM::Parameter").values()}
    assert {f"/paved-road/tags/{key}" for key in ("application", "team", "environment", "cost-centre")} <= names


def test_tags_of_canaries_may_change_while_they_stand(resources) -> None:
    constraints = resources(TEST, "AWS::ServiceCatalog::ResourceUpdateConstraint").values()
    associations = resources(TEST, "AWS::ServiceCatalog::PortfolioProductAssociation")
    assert len(constraints) == len(associations)
    assert {made["Properties"]["TagUpdateOnProvisionedProduct"] for made in constraints} == {"ALLOWED"}


def test_the_proof_role_is_taken_by_the_pipeline_and_platform_engineers_alone(resources) -> None:
    (role,) = resources(TEST, "AWS::IAM::Role", RoleName="PavedRoadCatalogProof").values()
    for statement in role["Properties"]["AssumeRolePolicyDocument"]["Statement"]:
        assert statement["Condition"] == {
            "ArnLike": {
                "aws:PrincipalArn": [
                    "arn:aws:iam::555555555555:role/pavedroad-pipeline-*",
                    "arn:aws:iam::555555555555:role/PavedRoadPlatformEngineer",
                ]
            }
        }


def test_the_proof_role_writes_nothing_but_launches_canaries_and_records(resources) -> None:
    (policy,) = resources(TEST, "AWS::IAM::ManagedPolicy", ManagedPolicyName="PavedRoadCatalogProofAccess").values()
    statements = {each["Sid"]: each for each in policy["Properties"]["PolicyDocument"]["Statement"]}
    assert statements["DeployWithTheExecutionRole"]["Resource"] == (
        "arn:aws:iam::888888888888:role/cdk-hnb659fds-cfn-exec-role-888888888888-eu-west-1"
    )
    actions = [each["Action"] for each in statements.values()]
    named = [action for each in actions for action in ([each] if isinstance(each, str) else each)]
    services = {"cloudformation", "iam", "imagebuilder", "servicecatalog", "ssm"}
    assert {action.split(":")[0] for action in named} == services
    assert all(":Get" in action for action in named if action.startswith("imagebuilder:"))
    parameter = "arn:aws:ssm:eu-west-1:888888888888:parameter/pavedroad/proofs"
    assert statements["RecordProofs"]["Resource"] == [parameter, f"{parameter}/*"]
    assert json.dumps(statements).count('"*"') == 1  # what Service Catalog's actions on launches take
