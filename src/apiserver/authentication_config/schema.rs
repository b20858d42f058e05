//! The Go types of the configuration, as far as the server's decoding errors name them.

use crate::load::typed::{Struct, Type};

use Type::{Bool, List, String as Text};

pub(super) static CONFIGURATION: Struct = Struct {
    name: "AuthenticationConfiguration",
    fields: &[
        ("apiVersion", Text),
        ("kind", Text),
        ("jwt", List(&Type::Struct(&JWT))),
        ("anonymous", Type::Struct(&ANONYMOUS)),
    ],
};

static ANONYMOUS: Struct = Struct {
    name: "AnonymousAuthConfig",
    fields: &[
        ("enabled", Bool),
        ("conditions", List(&Type::Struct(&CONDITION))),
    ],
};

static CONDITION: Struct = Struct {
    name: "AnonymousAuthCondition",
    fields: &[("path", Text)],
};

static JWT: Struct = Struct {
    name: "JWTAuthenticator",
    fields: &[
        ("issuer", Type::Struct(&ISSUER)),
        ("claimValidationRules", List(&Type::Struct(&CLAIM_RULE))),
        ("claimMappings", Type::Struct(&MAPPINGS)),
        ("userValidationRules", List(&Type::Struct(&USER_RULE))),
    ],
};

static ISSUER: Struct = Struct {
    name: "Issuer",
    fields: &[
        ("url", Text),
        ("discoveryURL", Text),
        ("certificateAuthority", Text),
        ("audiences", List(&Text)),
        ("audienceMatchPolicy", Text),
        ("egressSelectorType", Text),
    ],
};

static CLAIM_RULE: Struct = Struct {
    name: "ClaimValidationRule",
    fields: &[
        ("claim", Text),
        ("requiredValue", Text),
        ("expression", Text),
        ("message", Text),
    ],
};

static USER_RULE: Struct = Struct {
    name: "UserValidationRule",
    fields: &[("expression", Text), ("message", Text)],
};

static MAPPINGS: Struct = Struct {
    name: "ClaimMappings",
    fields: &[
        ("username", Type::Struct(&PREFIXED)),
        ("groups", Type::Struct(&PREFIXED)),
        ("uid", Type::Struct(&PLAIN)),
        ("extra", List(&Type::Struct(&EXTRA))),
    ],
};

static PREFIXED: Struct = Struct {
    name: "PrefixedClaimOrExpression",
    fields: &[("claim", Text), ("prefix", Text), ("expression", Text)],
};

static PLAIN: Struct = Struct {
    name: "ClaimOrExpression",
    fields: &[("claim", Text), ("expression", Text)],
};

static EXTRA: Struct = Struct {
    name: "ExtraMapping",
    fields: &[("key", Text), ("valueExpression", Text)],
};
