//! Strict decoding in the server's order and words, and defaults.

use super::schema::CONFIGURATION;
use super::{AuthorizationConfiguration, AuthorizerConfiguration, WebhookConfiguration};
use crate::apiserver::scheme::{self, Refusal};
use crate::load::tree::Value;
use crate::load::typed::{Document, items, optional, present, text};
use crate::model::duration;

const SCHEME: &str = "k8s.io/apiserver/pkg/apis/apiserver/load/load.go:32";
const SECOND: i64 = 1_000_000_000;

/// Decodes the content of the file; the document is for places. An empty file is an empty configuration.
///
/// # Errors
/// The server's words.
pub fn decode(data: &[u8]) -> Result<(AuthorizationConfiguration, Document), Refusal> {
    if data.is_empty() {
        return Ok(Default::default());
    }
    let document = scheme::decode(data, &CONFIGURATION, SCHEME).map_err(|refusal| Refusal {
        message: format!(
            "failed to load AuthorizationConfiguration from file: {}",
            refusal.message
        ),
        ..refusal
    })?;
    let config = AuthorizationConfiguration {
        authorizers: document
            .root()
            .map(|root| items(root, "authorizers", authorizer))
            .unwrap_or_default(),
    };
    Ok((config, document))
}

fn authorizer(value: Value<'_>) -> AuthorizerConfiguration {
    AuthorizerConfiguration {
        kind: text(value, "type"),
        name: text(value, "name"),
        webhook: present(value, "webhook").map(webhook),
    }
}

fn webhook(value: Value<'_>) -> WebhookConfiguration {
    let nanoseconds = |name: &str, default: i64| {
        let written = optional(value, name).and_then(|text| duration::parse(&text).ok());
        written.filter(|found| *found != 0).unwrap_or(default)
    };
    let flag = |name: &str| value.get(name).and_then(Value::as_bool).unwrap_or(true);
    let connection = present(value, "connectionInfo");
    WebhookConfiguration {
        authorized_ttl: nanoseconds("authorizedTTL", 300 * SECOND),
        unauthorized_ttl: nanoseconds("unauthorizedTTL", 30 * SECOND),
        cache_authorized_requests: flag("cacheAuthorizedRequests"),
        cache_unauthorized_requests: flag("cacheUnauthorizedRequests"),
        timeout: nanoseconds("timeout", 0),
        subject_access_review_version: text(value, "subjectAccessReviewVersion"),
        match_condition_version: text(value, "matchConditionSubjectAccessReviewVersion"),
        failure_policy: text(value, "failurePolicy"),
        connection_type: connection.map(|c| text(c, "type")).unwrap_or_default(),
        kubeconfig_file: connection.and_then(|c| optional(c, "kubeConfigFile")),
        match_conditions: items(value, "matchConditions", |c| text(c, "expression")),
    }
}

#[cfg(test)]
mod tests {
    use super::decode;

    const HEAD: &str = "apiVersion: apiserver.config.k8s.io/v1\nkind: AuthorizationConfiguration\n";

    fn told(data: &[u8]) -> String {
        let refusal = decode(data).map(drop).expect_err("no configuration");
        let head = "failed to load AuthorizationConfiguration from file: ";
        let told = refusal.message.strip_prefix(head);
        told.expect("the server's head").to_owned()
    }

    #[test]
    fn refuses_as_the_server_does() {
        for (text, error) in [
            (
                "authorizers: [{webhook: {timeout: 3, cacheAuthorizedRequests: x}}]",
                "json: cannot unmarshal number into Go struct field WebhookConfiguration.authorizers.webhook.timeout of type string",
            ),
            (
                "authorizers: [{webhook: {timeout: null}}]",
                "time: invalid duration \"\"",
            ),
            (
                "authorizers: [{type: 5}]",
                "json: cannot unmarshal number into Go struct field AuthorizerConfiguration.authorizers.type of type string",
            ),
        ] {
            let text = format!("{HEAD}{text}");
            assert_eq!(told(text.as_bytes()), error);
        }
        let braces = "{apiVersion: apiserver.config.k8s.io/v1}";
        assert_eq!(
            told(braces.as_bytes()),
            "couldn't get version/kind; json parse error: invalid character 'a' looking for beginning of object key string"
        );
    }

    #[test]
    fn absent_ones_have_defaults() {
        let text = format!("{HEAD}authorizers: [{{webhook: {{authorizedTTL: 0s}}}}]");
        let (config, _) = decode(text.as_bytes()).expect("a configuration");
        let webhook = config.authorizers[0].webhook.as_ref().expect("a webhook");
        assert_eq!(webhook.authorized_ttl, 300_000_000_000);
        assert_eq!(webhook.unauthorized_ttl, 30_000_000_000);
        assert_eq!(webhook.timeout, 0);
        assert!(webhook.cache_authorized_requests && webhook.cache_unauthorized_requests);
        assert_eq!(
            decode(b"").expect("empty").0,
            super::AuthorizationConfiguration::default()
        );
    }
}
