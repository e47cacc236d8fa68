from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import jsii
import pytest
from aws_cdk import aws_codeartifact as codeartifact
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_servicecatalog as servicecatalog
from aws_cdk.assertions import Template
from constructs import IConstruct

from pavedroad import PackageRepository
from pavedroad.arguments import InvalidArgumentsError
from pavedroad.security.roles import ManagedPolicyRole

Findings = Callable[[cdk.Stack], list[str]]

INTERNAL = {"Fn::GetAtt": ["Packages660AFF77", "Name"]}
PUBLIC = {"Fn::GetAtt": ["PackagesPublicFE4922BD", "Name"]}
DOMAIN = "PackagesDomain63365A27"


def properties(stack: cdk.Stack, logical_id: str) -> dict[str, Any]:
    found: dict[str, Any] = Template.from_stack(stack).to_json()["Resources"][logical_id]["Properties"]
    return found


def restrictions(stack: cdk.Stack) -> dict[str, dict[str, Any]]:
    groups = Template.from_stack(stack).find_resources("AWS::CodeArtifact::PackageGroup").values()
    return {each["Properties"]["Pattern"]: each["Properties"]["OriginConfiguration"]["Restrictions"] for each in groups}


def role(stack: cdk.Stack) -> ManagedPolicyRole:
    builds = iam.ServicePrincipal("codebuild.amazonaws.com")
    return ManagedPolicyRole(stack, "Role", assumed_by=builds, description="Builds")


def granted(stack: cdk.Stack) -> dict[str, dict[str, Any]]:
    """The statements of the role, by their first action."""
    [policy] = Template.from_stack(stack).find_resources("AWS::IAM::ManagedPolicy").values()
    statements = policy["Properties"]["PolicyDocument"]["Statement"]
    return {it["Action"] if isinstance(it["Action"], str) else it["Action"][0]: it for it in statements}


class TestDefaultShape:
    def test_encrypts_with_its_own_rotated_key(self, stack: cdk.Stack) -> None:
        PackageRepository(stack, "Packages")
        assert properties(stack, DOMAIN)["EncryptionKey"] == {"Fn::GetAtt": ["PackagesKeyD0CFC062", "Arn"]}
        Template.from_stack(stack).has_resource_properties("AWS::KMS::Key", {"EnableKeyRotation": True})

    def test_the_domain_has_a_name_of_this_stack(self, stack: cdk.Stack) -> None:
        PackageRepository(stack, "Packages")
        separator, parts = properties(stack, DOMAIN)["DomainName"]["Fn::Join"]
        assert (separator, parts[0]) == ("", "packages-")
        assert "AWS::StackId" in str(parts[1])

    def test_nothing_comes_from_outside_and_nobody_outside_reads(self, stack: cdk.Stack) -> None:
        made = PackageRepository(stack, "Packages")
        repository = properties(stack, "Packages660AFF77")
        assert repository["RepositoryName"] == "packages"
        assert not {"ExternalConnections", "Upstreams", "PermissionsPolicyDocument"} & set(repository)
        assert "PermissionsPolicyDocument" not in properties(stack, DOMAIN)
        assert (made.public_repository, made.package_groups) == (None, [])

    def test_everything_outlives_its_stack_under_logical_ids_that_stay(self, stack: cdk.Stack) -> None:
        PackageRepository(stack, "Packages", public_registry="npmjs", internal_packages=["/npm/shop/*"])
        kept = Template.from_stack(stack).to_json()["Resources"]
        assert {name: it["Type"] for name, it in kept.items()} == {
            "PackagesKeyD0CFC062": "AWS::KMS::Key",
            DOMAIN: "AWS::CodeArtifact::Domain",
            "PackagesPublicFE4922BD": "AWS::CodeArtifact::Repository",
            "Packages660AFF77": "AWS::CodeArtifact::Repository",
            "PackagesPublicPackages17CDE72A": "AWS::CodeArtifact::PackageGroup",
            "PackagesInternalPackages0C2B54468": "AWS::CodeArtifact::PackageGroup",
        }
        assert {(it["DeletionPolicy"], it["UpdateReplacePolicy"]) for it in kept.values()} == {("Retain", "Retain")}

    def test_packs_find_nothing(self, stack: cdk.Stack, pack_findings: Findings) -> None:
        PackageRepository(stack, "Packages", public_registry="pypi", internal_packages=["/pypi//shop~"])
        assert pack_findings(stack) == []


class TestPublicPackages:
    def test_are_fetched_by_a_repository_beneath_the_one_in_use(self, stack: cdk.Stack) -> None:
        made = PackageRepository(stack, "Packages", public_registry="maven-central")
        assert properties(stack, "PackagesPublicFE4922BD")["ExternalConnections"] == ["public:maven-central"]
        assert properties(stack, "PackagesPublicFE4922BD")["RepositoryName"] == "maven-central-store"
        assert properties(stack, "Packages660AFF77")["Upstreams"] == [PUBLIC]
        assert "ExternalConnections" not in properties(stack, "Packages660AFF77")
        assert made.public_repository is not None

    def test_cannot_be_published_and_internal_ones_cannot_be_fetched(self, stack: cdk.Stack) -> None:
        PackageRepository(stack, "Packages", public_registry="npmjs", internal_packages=["/npm/shop/*", "/npm//shop~"])
        blocked = {"RestrictionMode": "BLOCK"}
        internal = {
            "Publish": {"RestrictionMode": "ALLOW_SPECIFIC_REPOSITORIES", "Repositories": [INTERNAL]},
            "ExternalUpstream": blocked,
            "InternalUpstream": {"RestrictionMode": "ALLOW"},
        }
        assert restrictions(stack) == {
            "/npm/*": {
                "Publish": blocked,
                "ExternalUpstream": {"RestrictionMode": "ALLOW_SPECIFIC_REPOSITORIES", "Repositories": [PUBLIC]},
                "InternalUpstream": {"RestrictionMode": "ALLOW"},
            },
            "/npm/shop/*": internal,
            "/npm//shop~": internal,
        }

    def test_the_separation_cannot_be_undone(self, app: cdk.App, stack: cdk.Stack) -> None:
        made = PackageRepository(stack, "Packages", public_registry="npmjs", internal_packages=["/npm/shop/*"])
        made.package_groups[1].origin_configuration = codeartifact.CfnPackageGroup.OriginConfigurationProperty(
            restrictions=codeartifact.CfnPackageGroup.RestrictionsProperty(
                publish=codeartifact.CfnPackageGroup.RestrictionTypeProperty(restriction_mode="ALLOW"),
                external_upstream=codeartifact.CfnPackageGroup.RestrictionTypeProperty(restriction_mode="ALLOW"),
            )
        )
        with pytest.raises(RuntimeError, match="never lets a public package stand in for an internal one"):
            app.synth()


class TestOptions:
    def test_given_names_and_a_given_key_are_used(self, stack: cdk.Stack) -> None:
        key = kms.Key.from_key_arn(stack, "Shared", "arn:aws:kms:eu-west-1:111111111111:key/abc")
        made = PackageRepository(stack, "Packages", domain_name="shop", repository_name="orders", encryption_key=key)
        assert properties(stack, DOMAIN)["DomainName"] == "shop"
        assert properties(stack, "Packages660AFF77")["RepositoryName"] == "orders"
        Template.from_stack(stack).resource_count_is("AWS::KMS::Key", 0)
        assert made.encryption_key is key

    def test_accounts_and_the_organisation_read_the_one_repository(self, stack: cdk.Stack) -> None:
        PackageRepository(
            stack,
            "Packages",
            public_registry="pypi",
            reader_accounts=["111111111111"],
            organization_id="o-abcde12345",
        )
        for logical_id, actions in (
            (DOMAIN, "codeartifact:GetAuthorizationToken"),
            ("Packages660AFF77", ["codeartifact:GetRepositoryEndpoint", "codeartifact:ReadFromRepository"]),
        ):
            accounts, organization = properties(stack, logical_id)["PermissionsPolicyDocument"]["Statement"]
            assert accounts["Action"] == organization["Action"] == actions
            assert ":iam::111111111111:root" in str(accounts["Principal"])
            assert organization["Condition"] == {"StringEquals": {"aws:PrincipalOrgID": "o-abcde12345"}}
        assert "PermissionsPolicyDocument" not in properties(stack, "PackagesPublicFE4922BD")

    def test_the_key_cannot_be_taken_away(self, app: cdk.App, stack: cdk.Stack) -> None:
        @jsii.implements(cdk.IAspect)
        class Weakens:
            def visit(self, node: IConstruct) -> None:
                if isinstance(node, codeartifact.CfnDomain):
                    node.encryption_key = None

        PackageRepository(stack, "Packages")
        cdk.Aspects.of(app).add(Weakens())
        with pytest.raises(RuntimeError, match="PackageRepository is encrypted with its own key"):
            app.synth()


class TestGrants:
    def test_readers_sign_in_and_install(self, stack: cdk.Stack) -> None:
        assert PackageRepository(stack, "Packages").grant_read(role(stack)).success
        found = granted(stack)
        assert set(found) == {
            "sts:GetServiceBearerToken",
            "codeartifact:GetAuthorizationToken",
            "codeartifact:GetRepositoryEndpoint",
        }
        assert found["sts:GetServiceBearerToken"]["Condition"] == {
            "StringEquals": {"sts:AWSServiceName": "codeartifact.amazonaws.com"}
        }
        assert found["codeartifact:GetAuthorizationToken"]["Resource"] == {"Fn::GetAtt": [DOMAIN, "Arn"]}
        assert found["codeartifact:GetRepositoryEndpoint"]["Resource"] == {"Fn::GetAtt": ["Packages660AFF77", "Arn"]}

    def test_publishers_publish_to_this_repository_as_well(self, stack: cdk.Stack) -> None:
        PackageRepository(stack, "Packages").grant_publish(role(stack))
        publishing = granted(stack)["codeartifact:PublishPackageVersion"]
        assert publishing["Action"] == ["codeartifact:PublishPackageVersion", "codeartifact:PutPackageMetadata"]
        resource = publishing["Resource"]["Fn::Join"][1]
        assert resource[-4:] == [{"Fn::GetAtt": ["Packages660AFF77", "DomainName"]}, "/", INTERNAL, "/*"]
        assert "codeartifact:GetRepositoryEndpoint" in granted(stack)


class TestArguments:
    def test_everything_that_is_wrong_is_told_at_once(self, stack: cdk.Stack) -> None:
        with pytest.raises(InvalidArgumentsError) as caught:
            PackageRepository(
                stack,
                "Packages",
                domain_name="Shop",
                repository_name="-",
                public_registry="npmjs",
                internal_packages=["/npm/*", "/pypi//shop~"],
                reader_accounts=["1"],
                organization_id="shop",
            )
        assert str(caught.value) == (
            "PackageRepository 'Stack/Packages': domain_name='Shop': must be 2 to 50 lower-case letters, digits and "
            "hyphens, beginning with a letter; repository_name='-': must be 2 to 100 letters, digits, '.', '_' and "
            "'-'; internal_packages='/npm/*': must be patterns of package groups, such as /npm/shop/* or "
            "/pypi//shop~; internal_packages='/pypi//shop~': must begin with /npm/, the format of npmjs; "
            "organization_id='shop': must be an organisation's id such as o-abcde12345; "
            "reader_accounts='1': must be account ids of 12 digits"
        )

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            ({"public_registry": "docker"}, "public_registry='docker': must be one of crates-io, maven-central"),
            ({"internal_packages": ["/npm/shop/*"]}, "needs public_registry: all are internal then"),
            (
                {"public_registry": "pypi", "repository_name": "pypi-store"},
                "repository_name='pypi-store': is the name of the repository of public packages",
            ),
        ],
    )
    def test_contradictions_are_refused(self, stack: cdk.Stack, arguments: dict[str, Any], message: str) -> None:
        with pytest.raises(InvalidArgumentsError) as caught:
            PackageRepository(stack, "Packages", **arguments)
        assert message in str(caught.value)

    def test_works_in_a_product_with_parameters(
        self, product: servicecatalog.ProductStack, product_template: Callable[[], dict[str, Any]]
    ) -> None:
        PackageRepository(
            product,
            "Packages",
            domain_name=cdk.CfnParameter(product, "Domain").value_as_string,
            repository_name=cdk.CfnParameter(product, "Repository").value_as_string,
            public_registry="npmjs",
            internal_packages=[cdk.CfnParameter(product, "Internal").value_as_string],
            organization_id=cdk.CfnParameter(product, "Organization").value_as_string,
        )
        resources = product_template()["Resources"].values()
        patterns = [it["Properties"]["Pattern"] for it in resources if "Pattern" in it["Properties"]]
        assert patterns == ["/npm/*", {"Ref": "Internal"}]
        assert {"Ref": "Repository"} in [it["Properties"].get("RepositoryName") for it in resources]
