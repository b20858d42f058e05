//! The Go types of the configuration, as far as the server's decoding errors name them.

use crate::load::typed::{Struct, Type};

use Type::{Bool, Duration, List, String as Text};

pub(super) static CONFIGURATION: Struct = Struct {
    name: "AuthorizationConfiguration",
    fields: &[
        ("apiVersion", Text),
        ("kind", Text),
        ("authorizers", List(&Type::Struct(&AUTHORIZER))),
    ],
};

static AUTHORIZER: Struct = Struct {
    name: "AuthorizerConfiguration",
    fields: &[
        ("type", Text),
        ("name", Text),
        ("webhook", Type::Struct(&WEBHOOK)),
    ],
};

static WEBHOOK: Struct = Struct {
    name: "WebhookConfiguration",
    fields: &[
        ("authorizedTTL", Duration),
        ("cacheAuthorizedRequests", Bool),
        ("unauthorizedTTL", Duration),
        ("cacheUnauthorizedRequests", Bool),
        ("timeout", Duration),
        ("subjectAccessReviewVersion", Text),
        ("matchConditionSubjectAccessReviewVersion", Text),
        ("failurePolicy", Text),
        ("connectionInfo", Type::Struct(&CONNECTION)),
        ("matchConditions", List(&Type::Struct(&CONDITION))),
    ],
};

static CONNECTION: Struct = Struct {
    name: "WebhookConnectionInfo",
    fields: &[("type", Text), ("kubeConfigFile", Text)],
};

static CONDITION: Struct = Struct {
    name: "WebhookMatchCondition",
    fields: &[("expression", Text)],
};
