//! What is said about the run itself: exceptions that suppress nothing, and what could not be known.

use crate::lint::{Check, Example, Rule, Severity};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "RBC690",
        name: "inert-suppression",
        severity: Severity::Low,
        what: "suppresses nothing",
        why: "what it was made for is gone, and it would hide the next finding of its kind",
        fix: "remove it",
        references: &["devantler-tech/platform#3085"],
        bad: Example::None(
            "an exception, an ignore comment or a baseline entry that matches no finding",
        ),
        good: Example::None("every exception matches a finding"),
        near: Example::None("an exception of one facet of a finding with several is not inert"),
        check: Check::Driver,
    },
    Rule {
        id: "RBC691",
        name: "expired-suppression",
        severity: Severity::Low,
        what: "has expired",
        why: "what was accepted for a time is reported again",
        fix: "mend what it speaks of, or renew it with its reason",
        references: &["devantler-tech/platform#3085"],
        bad: Example::None("`# rbac-check: ignore RBC108 until 2020-01-01 -- migration`"),
        good: Example::None("`# rbac-check: ignore RBC108 until 2999-01-01 -- migration`"),
        near: Example::None("on the day itself it still holds"),
        check: Check::Driver,
    },
];
