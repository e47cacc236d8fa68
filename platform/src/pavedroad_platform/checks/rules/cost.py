"""Rules for budgets."""

from pavedroad_platform.checks.rules.rule import Rule, is_false, present

RULES: tuple[Rule, ...] = (
    Rule(
        id="PavedRoad-Budgets-1",
        resource_type="AWS::Budgets::Budget",
        place="NotificationsWithSubscribers",
        requires=present,
        message="is spent without anybody hearing of it: set NotificationsWithSubscribers",
        source="AWS Well-Architected COST02-BP05",
    ),
    *(
        Rule(
            id=f"PavedRoad-Budgets-{number}",
            resource_type="AWS::Budgets::Budget",
            place=f"Budget.CostTypes.{kind}",
            requires=is_false,
            message=f"hides what is spent behind what was paid back: set {kind} to false",
            source="https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-create.html",
            when=lambda properties: "CostTypes" in properties.get("Budget", {}),
        )
        for number, kind in ((2, "IncludeCredit"), (3, "IncludeRefund"))
    ),
)
