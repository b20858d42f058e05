//! The ways in which a request may impersonate.

use std::fmt;

/// A way to impersonate, in the order in which the server tries them (`allImpersonationModes`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mode {
    /// A service account impersonates the node that its token is bound to.
    AssociatedNode,
    /// Any node.
    ArbitraryNode,
    /// A service account.
    ServiceAccount,
    /// Everybody else, with groups, uid and extra.
    UserInfo,
    /// The verb `impersonate`, which alone existed before KEP-5284.
    Legacy,
}

impl Mode {
    /// All of them, in the server's order.
    pub const ALL: [Mode; 5] = [
        Mode::AssociatedNode,
        Mode::ArbitraryNode,
        Mode::ServiceAccount,
        Mode::UserInfo,
        Mode::Legacy,
    ];

    /// The verb that is asked for on what is impersonated.
    pub fn verb(self) -> &'static str {
        match self {
            Mode::AssociatedNode => "impersonate:associated-node",
            Mode::ArbitraryNode => "impersonate:arbitrary-node",
            Mode::ServiceAccount => "impersonate:serviceaccount",
            Mode::UserInfo => "impersonate:user-info",
            Mode::Legacy => "impersonate",
        }
    }

    /// The mode's own name; the verb `impersonate` has none.
    pub fn name(self) -> Option<&'static str> {
        self.verb().strip_prefix("impersonate:")
    }

    /// What the audit log calls it (`authenticationMetadata.impersonationConstraint`).
    pub fn constraint(self) -> Option<&'static str> {
        (self != Mode::Legacy).then(|| self.verb())
    }

    /// The API group of users, groups, service accounts and nodes in the questions of this mode.
    pub(super) fn group(self) -> &'static str {
        match self {
            Mode::Legacy => "",
            _ => super::ask::AUTHENTICATION,
        }
    }

    /// A mode by its verb or its own name.
    pub fn parse(text: &str) -> Option<Mode> {
        Mode::ALL
            .into_iter()
            .find(|mode| text == mode.verb() || Some(text) == mode.name())
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.verb())
    }
}
