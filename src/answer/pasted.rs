//! An error that somebody pasted from a terminal: which stage of a server said it, and about what.

use crate::impersonation::Mode;
use crate::impersonation::ask::Asked;

/// Who said it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Authentication: 401.
    Authentication,
    /// Impersonation in a mode; whether what is requested was refused, or who is impersonated.
    Impersonation {
        /// The mode, where the verb names one.
        mode: Option<Mode>,
        /// `impersonate-on`: what is requested while impersonating.
        on_request: bool,
    },
    /// An authorizer.
    Authorization,
    /// The check that nobody grants more than he holds.
    Escalation,
    /// An admission plugin or webhook.
    Admission,
    /// The resolver of paths.
    RequestInfo,
    /// What serves the path: it was let through.
    Handler,
    /// An authorizer or another part failed: 500.
    Failure,
}

/// What a pasted error says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pasted {
    /// Who said it.
    pub origin: Origin,
    /// The HTTP code that comes with it.
    pub code: u16,
    /// The user it names.
    pub user: Option<String>,
    /// The groups it names.
    pub groups: Vec<String>,
    /// What was asked.
    pub asked: Option<Asked>,
    /// What follows: the authorizers' reason, or the objection.
    pub reason: String,
}

impl Pasted {
    fn of(origin: Origin, code: u16, reason: &str) -> Self {
        Pasted {
            origin,
            code,
            user: None,
            groups: Vec::new(),
            asked: None,
            reason: reason.trim().to_owned(),
        }
    }
}

/// The longest text that is looked at: no server's message is near it.
const MAX: usize = 1 << 20;

/// Reads a pasted error; `None` where no server said it.
pub fn parse(text: &str) -> Option<Pasted> {
    if text.len() > MAX {
        return None;
    }
    let text = text.trim();
    if let Some(pasted) = forbidden(text) {
        return Some(pasted);
    }
    let head = |word: &str| {
        let start = format!("Error from server ({word}):");
        text.find(&start).map(|at| text[at + start.len()..].trim())
    };
    if text.contains("failed to create RequestInfo") {
        return Some(Pasted::of(Origin::RequestInfo, 500, text));
    }
    let failure = head("InternalError").or_else(|| {
        let at = text.find("Internal Server Error: ")?;
        Some(&text[at..])
    });
    if let Some(rest) = failure {
        return Some(Pasted::of(Origin::Failure, 500, rest));
    }
    if let Some(at) = text.find("admission webhook ") {
        return Some(Pasted::of(Origin::Admission, 403, &text[at..]));
    }
    if text.contains("You must be logged in to the server") || head("Unauthorized").is_some() {
        return Some(Pasted::of(Origin::Authentication, 401, ""));
    }
    if text.eq_ignore_ascii_case("unauthorized") || text.ends_with(": Unauthorized") {
        return Some(Pasted::of(Origin::Authentication, 401, ""));
    }
    for (word, code) in [
        ("NotFound", 404),
        ("AlreadyExists", 409),
        ("Conflict", 409),
        ("Invalid", 422),
        ("BadRequest", 400),
        ("MethodNotAllowed", 405),
        ("UnsupportedMediaType", 415),
    ] {
        if let Some(rest) = head(word) {
            return Some(Pasted::of(Origin::Handler, code, rest));
        }
    }
    None
}

/// A 403: `RESOURCE "NAME" is forbidden: WHY` or `forbidden: WHY`.
fn forbidden(text: &str) -> Option<Pasted> {
    const USER: &str = "User \"";
    if let Some(at) = text.find(USER)
        && text[..at].trim_end().ends_with("forbidden:")
        && let Some(pasted) = cannot(&text[..at], &text[at + USER.len() - 1..])
    {
        return Some(pasted);
    }
    let (object, why) = text.split_once(" is forbidden:")?;
    let why = why.trim();
    if let Some(rest) = why
        .strip_prefix("user ")
        .filter(|rest| rest.starts_with('"'))
    {
        let (user, rest) = unquote(rest)?;
        let mut pasted = Pasted::of(Origin::Escalation, 403, why);
        pasted.user = Some(user);
        let rest = rest.trim_start().strip_prefix("(groups=[").unwrap_or("");
        let mut rest = rest;
        while let Some((group, after)) = unquote(rest.trim_start()) {
            pasted.groups.push(group);
            rest = after;
        }
        return Some(pasted);
    }
    if why.starts_with("must have cluster-admin privileges") {
        return Some(Pasted::of(Origin::Escalation, 403, why));
    }
    let object = object.rsplit(": ").next().unwrap_or(object);
    let mut pasted = Pasted::of(Origin::Admission, 403, why);
    // Behind a GET that opens a stream the server asks for create and says no more than the reason.
    if let Some((resource, name)) = object.split_once(' ')
        && resource == "pods"
        && (why.is_empty() || why.starts_with("RBAC: "))
    {
        pasted.origin = Origin::Authorization;
        let name = unquote(name).map(|(name, _)| name).unwrap_or_default();
        let about = ["", "pods", "", "", name.as_str()].map(str::to_owned);
        pasted.asked = Some(Asked {
            verb: "create".to_owned(),
            about: Ok(about),
        });
    }
    Some(pasted)
}

/// Reads `"USER" cannot VERB resource "R" in API group "G" ...` or `... path "P"`; `before` names the object.
fn cannot(before: &str, text: &str) -> Option<Pasted> {
    let (user, rest) = unquote(text)?;
    let rest = rest.strip_prefix(" cannot ")?;
    let (verb, about, after) = match (rest.find(" resource \""), rest.find(" path \"")) {
        (Some(at), other) if other.is_none_or(|path| at < path) => {
            let verb = &rest[..at];
            let (resource, rest) = unquote(&rest[at + " resource ".len()..])?;
            let (group, rest) = unquote(rest.strip_prefix(" in API group ")?)?;
            let (namespace, rest) = match rest.strip_prefix(" in the namespace ") {
                Some(rest) => unquote(rest)?,
                None => (String::new(), rest.strip_prefix(" at the cluster scope")?),
            };
            let (resource, subresource) = match resource.split_once('/') {
                Some((resource, subresource)) => (resource.to_owned(), subresource.to_owned()),
                None => (resource, String::new()),
            };
            let name = object_name(before);
            (
                verb,
                Ok([group, resource, subresource, namespace, name]),
                rest,
            )
        }
        (_, Some(at)) => {
            let (path, after) = unquote(&rest[at + " path ".len()..])?;
            (&rest[..at], Err(path), after)
        }
        _ => return None,
    };
    let origin = match verb.strip_prefix("impersonate") {
        Some("") => Origin::Impersonation {
            mode: Some(Mode::Legacy),
            on_request: false,
        },
        Some(rest) => match rest.strip_prefix("-on:") {
            Some(rest) => Origin::Impersonation {
                mode: Mode::parse(rest.split(':').next().unwrap_or("")),
                on_request: true,
            },
            None => Origin::Impersonation {
                mode: Mode::parse(verb),
                on_request: false,
            },
        },
        None => Origin::Authorization,
    };
    let reason = after.strip_prefix(": ").unwrap_or("");
    let mut pasted = Pasted::of(origin, 403, reason);
    pasted.user = Some(user);
    pasted.asked = Some(Asked {
        verb: verb.to_owned(),
        about,
    });
    Some(pasted)
}

/// The name in `... RESOURCE "NAME" is forbidden: `.
fn object_name(before: &str) -> String {
    let Some(object) = before.trim_end().strip_suffix(" is forbidden:") else {
        return String::new();
    };
    // The name is the last thing in quotes; it may hold escaped ones.
    let Some(inside) = object.strip_suffix('"') else {
        return String::new();
    };
    let mut start = None;
    let bytes = inside.as_bytes();
    for (at, _) in inside.match_indices('"') {
        let escapes = bytes[..at]
            .iter()
            .rev()
            .take_while(|b| **b == b'\\')
            .count();
        let opens = at == 0 || bytes[at - 1] == b' ';
        if escapes % 2 == 0 && opens {
            start = Some(at);
        }
    }
    let name = start.and_then(|at| unquote(&object[at..]));
    name.map(|(name, _)| name).unwrap_or_default()
}

/// Reads a string that Go quoted (`strconv.Quote`), and what follows it. The HTML characters that the server
/// escapes in its own words are read back.
fn unquote(text: &str) -> Option<(String, &str)> {
    let rest = text.strip_prefix('"')?;
    let mut out = String::new();
    let mut characters = rest.char_indices();
    while let Some((at, c)) = characters.next() {
        match c {
            '"' => {
                let plain = out.replace("&lt;", "<").replace("&gt;", ">");
                return Some((plain.replace("&amp;", "&"), &rest[at + 1..]));
            }
            '\\' => {
                let (_, escape) = characters.next()?;
                let digits = match escape {
                    'x' => 2,
                    'u' => 4,
                    'U' => 8,
                    other => {
                        out.push(match other {
                            'a' => '\x07',
                            'b' => '\x08',
                            'f' => '\x0c',
                            'n' => '\n',
                            'r' => '\r',
                            't' => '\t',
                            'v' => '\x0b',
                            same @ ('"' | '\\' | '\'') => same,
                            _ => return None,
                        });
                        continue;
                    }
                };
                let mut code = 0;
                for _ in 0..digits {
                    code = code * 16 + characters.next()?.1.to_digit(16)?;
                }
                out.push(char::from_u32(code)?);
            }
            other => out.push(other),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn about(text: &str) -> (Origin, String) {
        let pasted = parse(text).unwrap_or_else(|| panic!("{text}"));
        let asked = pasted.asked.map(|asked| match asked.about {
            Ok(parts) => format!("{} {}", asked.verb, parts.join("|")),
            Err(path) => format!("{} {path}", asked.verb),
        });
        let user = pasted.user.unwrap_or_default();
        (
            pasted.origin,
            format!("{user}: {}", asked.unwrap_or_default()),
        )
    }

    #[test]
    fn places_errors() {
        let impersonation = |mode, on_request| Origin::Impersonation { mode, on_request };
        for (text, origin, expected) in [
            (
                r#"Error from server (Forbidden): pods "a" is forbidden: User "jane" cannot get resource "pods/log" in API group "" in the namespace "dev""#,
                Origin::Authorization,
                "jane: get |pods|log|dev|a",
            ),
            (
                r#"error: error when creating "x.yaml": deployments.apps is forbidden: User "a \"b\"" cannot create resource "deployments" in API group "apps" at the cluster scope: RBAC: clusterrole.rbac.authorization.k8s.io "x" not found"#,
                Origin::Authorization,
                "a \"b\": create apps|deployments|||",
            ),
            (
                r#"forbidden: User "system:anonymous" cannot get path "/a&lt;b""#,
                Origin::Authorization,
                "system:anonymous: get /a<b",
            ),
            (
                r#"users "x" is forbidden: User "imp" cannot impersonate resource "users" in API group "" at the cluster scope"#,
                impersonation(Some(Mode::Legacy), false),
                "imp: impersonate |users|||x",
            ),
            (
                r#"pods is forbidden: User "u" cannot impersonate-on:user-info:list resource "pods" in API group "" in the namespace "n""#,
                impersonation(Some(Mode::UserInfo), true),
                "u: impersonate-on:user-info:list |pods||n|",
            ),
            (
                r#"nodes.authentication.k8s.io "*" is forbidden: User "u" cannot impersonate:associated-node resource "nodes" in API group "authentication.k8s.io" at the cluster scope"#,
                impersonation(Some(Mode::AssociatedNode), false),
                "u: impersonate:associated-node authentication.k8s.io|nodes|||*",
            ),
            (
                r#"pods "web-0" is forbidden: "#,
                Origin::Authorization,
                ": create |pods|||web-0",
            ),
            (
                "error: You must be logged in to the server (Unauthorized)",
                Origin::Authentication,
                ": ",
            ),
            (
                r#"Error from server (NotFound): pods "x" not found"#,
                Origin::Handler,
                ": ",
            ),
            (
                r#"pods "x" is forbidden: violates PodSecurity "restricted:latest": y"#,
                Origin::Admission,
                ": ",
            ),
            (
                r#"roles.rbac.authorization.k8s.io "r" is forbidden: user "u" (groups=["a" "b"]) is attempting to grant RBAC permissions not currently held:"#,
                Origin::Escalation,
                "u: ",
            ),
            (
                r#"Error from server (InternalError): an error on the server"#,
                Origin::Failure,
                ": ",
            ),
        ] {
            assert_eq!(about(text), (origin, expected.to_owned()), "{text}");
        }
        for text in [
            "",
            "hello",
            "User \"",
            "x is forbidden",
            "forbidden: User \"a cannot",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
