//! `--authorization-policy-file`: the policies of the ABAC mode, one JSON object a line.
//!
//! A line is read twice as the server does: as what its apiVersion and kind say, and if they say nothing
//! known, as an unversioned policy, whose empty fields mean more
//! (`pkg/auth/authorizer/abac.NewFromFile`, `pkg/apis/abac`).

mod decode;

use crate::load::typed::Document;

/// Longer lines are no lines (Go's `bufio.MaxScanTokenSize`).
const MAX_LINE: usize = 64 * 1024;

/// The group of all who have authenticated.
const AUTHENTICATED: &str = "system:authenticated";

/// One policy, as the authorizer sees it: what stars and empty fields of its form mean is settled. A star
/// that is left matches anything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// The line of the file that it stands in, from 1.
    pub line: u32,
    /// The user; empty: any, if there is a group.
    pub user: String,
    /// The group; empty: any, if there is a user.
    pub group: String,
    /// Whether it allows get, list and watch alone.
    pub readonly: bool,
    /// The API group.
    pub api_group: String,
    /// The resource; subresources are not looked at.
    pub resource: String,
    /// The namespace; empty matches requests without one.
    pub namespace: String,
    /// The path, or the beginning of one before a star.
    pub non_resource_path: String,
}

/// Reads the content of the file; `path` is its name in messages.
///
/// # Errors
/// The server's words, with the line.
pub fn policies(path: &str, data: &[u8]) -> Result<Vec<Policy>, String> {
    let mut policies = Vec::new();
    for (number, line) in (1..).zip(lines(data)) {
        if line.len() >= MAX_LINE {
            return Err(format!(
                "error reading policy file {path}: bufio.Scanner: token too long"
            ));
        }
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let text = String::from_utf8_lossy(line);
        let trimmed = text.trim();
        if trimmed.is_empty() || trimmed.starts_with('#') {
            continue;
        }
        let policy = policy(line, &text).map_err(|error| {
            format!("error reading policy file {path}, line {number}: {text}: {error}")
        })?;
        policies.push(Policy {
            line: number,
            ..policy
        });
    }
    Ok(policies)
}

/// The lines without their ends; after the last end there is none.
fn lines(data: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(data).filter(|data| !data.is_empty());
    std::iter::from_fn(move || {
        let data = rest?;
        let end = memchr::memchr(b'\n', data);
        rest = end
            .map(|end| &data[end + 1..])
            .filter(|rest| !rest.is_empty());
        Some(&data[..end.unwrap_or(data.len())])
    })
}

fn policy(line: &[u8], text: &str) -> Result<Policy, String> {
    if line.starts_with(b"k8s\0") {
        // Protobuf, which no policy is.
        return Err("no serialization format matched the provided data".to_owned());
    }
    decode::policy(&Document::parse(text)?, text)
}

#[cfg(test)]
mod tests {
    use super::{Policy, policies};

    fn read(text: &str) -> Result<Vec<Policy>, String> {
        policies("f", text.as_bytes())
    }

    fn error(line: &str) -> String {
        let error = read(line).expect_err(line);
        let head = format!("error reading policy file f, line 1: {line}: ");
        error.strip_prefix(&head).unwrap_or(&error).to_owned()
    }

    const V1BETA1: &str =
        r#""apiVersion":"abac.authorization.kubernetes.io/v1beta1","kind":"Policy""#;

    #[test]
    fn an_unversioned_policy_means_more() {
        let text = "\n# comment\r\n  {}\r\n{\"user\":\"a\",\"namespace\":\"n\",\"apiGroup\":\"x\",\"nonResourcePath\":\"/x\"}\n{\"user\":\"a\",\"group\":\"*\",\"resource\":\"pods\"}";
        let found = read(text).expect("policies");
        let star = || "*".to_owned();
        let all = Policy {
            line: 3,
            group: "system:authenticated".to_owned(),
            api_group: star(),
            resource: star(),
            namespace: star(),
            non_resource_path: star(),
            ..Policy::default()
        };
        assert_eq!(found[0], all);
        let in_namespace = Policy {
            line: 4,
            user: "a".to_owned(),
            group: String::new(),
            namespace: "n".to_owned(),
            non_resource_path: String::new(),
            ..all.clone()
        };
        assert_eq!(found[1], in_namespace);
        let pods = Policy {
            line: 5,
            resource: "pods".to_owned(),
            non_resource_path: String::new(),
            ..all
        };
        assert_eq!(found[2], pods);
    }

    #[test]
    fn a_versioned_policy_is_taken_as_it_is() {
        let text = format!(
            "{{{V1BETA1},\"spec\":{{\"user\":\"a\",\"readonly\":true}},\"more\":[{{}}],\"spec\":{{\"group\":\"g\",\"Group\":\"x\"}}}}\n{{{V1BETA1},\"spec\":{{\"user\":\"*\",\"group\":\"g\"}}}}\n{{{V1BETA1}}}\n"
        );
        let found = read(&text).expect("policies");
        let first = Policy {
            line: 1,
            user: "a".to_owned(),
            group: "g".to_owned(),
            readonly: true,
            ..Policy::default()
        };
        assert_eq!(found[0], first, "repeated objects are merged");
        assert_eq!(
            (&*found[1].user, &*found[1].group),
            ("", "system:authenticated")
        );
        assert_eq!(
            found[2],
            Policy {
                line: 3,
                ..Policy::default()
            }
        );
    }

    #[test]
    fn version_and_kind_are_found_in_any_case() {
        let text = r#"{"APIVERSION":"abac.authorization.kubernetes.io/v1beta1","Kind":"Policy","spec":{"user":"u"}}
{"apiVersion":"abac.authorization.kubernetes.io/v0","kind":"Policy","user":"u"}
{"apiVersion":"abac.authorization.kubernetes.io/","user":"u"}
{"apiVersion":"abac.authorization.kubernetes.io/__internal","kind":"Policy","Spec":{"User":"*"}}"#;
        let found = read(text).expect("policies");
        let users: Vec<_> = found
            .iter()
            .map(|policy| (&*policy.user, &*policy.namespace))
            .collect();
        assert_eq!(users, [("u", ""), ("u", "*"), ("u", "*"), ("*", "")]);
    }

    #[test]
    fn refuses_in_the_servers_words() {
        let scheme = "in scheme \"pkg/apis/abac/register.go:33\"";
        let cases = [
            (r#"{"kind":"Foo"}"#, format!("no kind \"Foo\" is registered for version \"abac.authorization.kubernetes.io/v0\" {scheme}")),
            (r#"{"apiVersion":"v1"}"#, format!("no kind \"Policy\" is registered for version \"v1\" {scheme}")),
            (r#"{"apiVersion":"a/b/c"}"#, "unexpected GroupVersion string: a/b/c".to_owned()),
            (r#"{"kind":5}"#, "couldn't get version/kind; json parse error: json: cannot unmarshal number into Go struct field .kind of type string".to_owned()),
            (r#"{"apiVersion":"g/__internal","kind":"K"}"#, format!("no kind \"K\" is registered for the internal version of group \"g\" {scheme}")),
            (r#"{"user":[],"group":5}"#, "json: cannot unmarshal array into Go struct field Policy.user of type string".to_owned()),
            (
                r#"{"apiVersion":"abac.authorization.kubernetes.io/v1beta1","kind":"Policy","spec":"x"}"#,
                "json: cannot unmarshal string into Go struct field Policy.spec of type v1beta1.PolicySpec".to_owned(),
            ),
            ("user: {", "yaml: line 1: did not find expected node content".to_owned()),
            ("user: 5", "json: cannot unmarshal number into Go struct field Policy.user of type string".to_owned()),
        ];
        for (line, expected) in cases {
            assert_eq!(error(line), expected, "{line}");
        }
    }

    #[test]
    fn a_line_has_a_limit() {
        let line = |length: usize| format!("#{}", "x".repeat(length - 1));
        assert!(read(&line(65_535)).is_ok() && read(&format!("{}\n", line(65_535))).is_ok());
        for long in [
            line(65_536),
            format!("{}\n", line(65_536)),
            format!("{}\r\n", line(65_535)),
        ] {
            assert_eq!(
                read(&long),
                Err("error reading policy file f: bufio.Scanner: token too long".to_owned())
            );
        }
    }
}
