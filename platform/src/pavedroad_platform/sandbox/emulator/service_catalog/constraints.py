"""Constraints: the rules for a product in a portfolio."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from ministack.core.responses import get_account_id
from ministack.services import iam

from pavedroad_platform.sandbox.emulator.service_catalog import access
from pavedroad_platform.sandbox.emulator.service_catalog.request import Answer, Request
from pavedroad_platform.sandbox.emulator.service_catalog.state import (
    Constraint,
    ProductAssociation,
    catalog,
    duplicate,
    invalid,
    new_id,
    not_found,
)


def constraint_detail(constraint: Constraint) -> Answer:
    """A constraint as the API shows it."""
    return {
        "ConstraintId": constraint.id,
        "Type": constraint.type,
        "Description": constraint.description,
        "Owner": constraint.account,
        "ProductId": constraint.product,
        "PortfolioId": constraint.portfolio,
    }


_CONSTRAINT_TYPES = ("LAUNCH", "NOTIFICATION", "RESOURCE_UPDATE", "STACKSET", "TEMPLATE")


def create_constraint(request: Request) -> Answer:
    """CreateConstraint."""
    portfolio_id, product_id, kind = request.required("PortfolioId", "ProductId", "Type")
    portfolio = access.visible_portfolio(portfolio_id)
    if kind not in _CONSTRAINT_TYPES:
        raise invalid(f"Type must be one of {', '.join(_CONSTRAINT_TYPES)}, not {kind}.")
    if ProductAssociation(portfolio.id, product_id) not in catalog.product_associations:
        raise not_found(f"Product {product_id} in portfolio {portfolio.id}")
    others = [
        rule.type
        for rule in catalog.constraints.values()
        if (rule.portfolio, rule.product, rule.account) == (portfolio.id, product_id, get_account_id())
    ]
    if kind in {"LAUNCH", "RESOURCE_UPDATE", "STACKSET"} and kind in others:
        raise duplicate(f"There is a {kind} constraint for product {product_id} in portfolio {portfolio.id} already.")
    constraint = Constraint(
        id=new_id("cons"),
        type=kind,
        portfolio=portfolio.id,
        product=product_id,
        parameters=_constraint_parameters(kind, request.text("Parameters")),
        description=request.text("Description"),
    )
    catalog.constraints[constraint.id] = constraint
    return _constraint_answer(constraint)


def _constraint_answer(constraint: Constraint) -> Answer:
    return {
        "ConstraintDetail": constraint_detail(constraint),
        "ConstraintParameters": json.dumps(constraint.parameters),
        "Status": "AVAILABLE",
    }


def _constraint_parameters(kind: str, text: str) -> dict[str, Any]:
    try:
        parameters: dict[str, Any] = json.loads(text or "{}")
    except json.JSONDecodeError as error:
        raise invalid(f"Parameters is not JSON: {error}") from error
    if kind == "LAUNCH":
        _require_launch_role(parameters)
    return parameters


def _require_launch_role(parameters: Mapping[str, Any]) -> None:
    if ("RoleArn" in parameters) == ("LocalRoleName" in parameters):
        raise invalid("A launch constraint has either RoleArn or LocalRoleName.")
    role = parameters.get("RoleArn") or f"arn:aws:iam::{get_account_id()}:role/{parameters['LocalRoleName']}"
    if iam._roles.get_scoped(role.split(":")[4], None, role.rsplit("/", 1)[-1]) is None:
        raise invalid(f"The launch role {role} does not exist.")


def _own_constraint(request: Request) -> Constraint:
    constraint = catalog.constraints.get(request.text("Id"))
    if constraint is None or not constraint.is_here:
        raise not_found(f"Constraint {request.text('Id')}")
    return constraint


def update_constraint(request: Request) -> Answer:
    """UpdateConstraint."""
    constraint = _own_constraint(request)
    constraint.description = request.input.get("Description", constraint.description)
    if "Parameters" in request.input:
        constraint.parameters = _constraint_parameters(constraint.type, request.text("Parameters"))
    return _constraint_answer(constraint)


def delete_constraint(request: Request) -> Answer:
    """DeleteConstraint."""
    del catalog.constraints[_own_constraint(request).id]
    return {}


def describe_constraint(request: Request) -> Answer:
    """DescribeConstraint."""
    return _constraint_answer(_own_constraint(request))


def list_constraints(request: Request) -> Answer:
    """ListConstraintsForPortfolio."""
    portfolio = access.visible_portfolio(request.text("PortfolioId"))
    product = request.text("ProductId")
    found = [
        constraint_detail(rule)
        for rule in catalog.constraints.values()
        if rule.portfolio == portfolio.id and product in {"", rule.product}
    ]
    return {"ConstraintDetails": found}


OPERATIONS: Mapping[str, Callable[[Request], Answer]] = {
    "CreateConstraint": create_constraint,
    "DeleteConstraint": delete_constraint,
    "DescribeConstraint": describe_constraint,
    "ListConstraintsForPortfolio": list_constraints,
    "UpdateConstraint": update_constraint,
}
"""The operations by name."""
