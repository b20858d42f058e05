//! The expressions of one issuer, compiled once.

use crate::cel::Program;

/// An expression that the server takes.
#[derive(Debug)]
pub struct Expression {
    /// As it is written.
    pub text: String,
    /// What can be run.
    pub program: Program,
}

/// An expression that must be true, and what is said if it is not.
#[derive(Debug)]
pub struct Rule {
    /// The expression.
    pub expression: Expression,
    /// `message`.
    pub message: String,
}

/// The expressions of one issuer: `None` and empty where there are none (`CELMapper`).
#[derive(Debug, Default)]
pub struct Mapper {
    /// `claimMappings.username.expression`.
    pub username: Option<Expression>,
    /// `claimMappings.groups.expression`.
    pub groups: Option<Expression>,
    /// `claimMappings.uid.expression`.
    pub uid: Option<Expression>,
    /// `claimMappings.extra`, each with its key.
    pub extra: Vec<(String, Expression)>,
    /// `claimValidationRules` with an expression.
    pub claim_rules: Vec<Rule>,
    /// `userValidationRules`.
    pub user_rules: Vec<Rule>,
}

impl Mapper {
    /// Whether any of them is about the claims.
    pub fn reads_claims(&self) -> bool {
        self.username.is_some()
            || self.groups.is_some()
            || self.uid.is_some()
            || !self.extra.is_empty()
            || !self.claim_rules.is_empty()
    }
}
