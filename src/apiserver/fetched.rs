//! What stands in for the network: the pages that issuers of tokens serve, from a file that names them.

use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};

/// One page, as the file describes it.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
pub struct PageEntry {
    /// The file with its content, as named there; none is an empty page.
    pub file: Option<String>,
    /// The status of the HTTP answer.
    #[serde(default = "ok")]
    pub status: u16,
    /// The `Authorization` header without which the answer is 401.
    pub authorization: Option<String>,
}

fn ok() -> u16 {
    200
}

/// A page that was saved.
#[derive(Clone, PartialEq, Eq)]
pub struct Page {
    /// The status of the HTTP answer.
    pub status: u16,
    /// Its body.
    pub body: Vec<u8>,
    /// The `Authorization` header without which the answer is 401.
    pub authorization: Option<String>,
}

/// Bodies may be tokens, and the header is a secret.
impl std::fmt::Debug for Page {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let size = self.body.len();
        write!(f, "Page({}, {size} bytes)", self.status)
    }
}

/// What a GET comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer<'f> {
    /// The server answered, with this status and body.
    Page(u16, &'f [u8]),
    /// Nobody answers there.
    Unreachable,
}

/// The pages that can be fetched. A page that is not among them cannot be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fetched {
    pages: HashMap<String, Page>,
}

/// Reads the file that names the pages: an object from URL to [`PageEntry`].
///
/// # Errors
/// What is wrong with it, with line and column.
pub fn entries(text: &str) -> Result<BTreeMap<String, PageEntry>, serde_json::Error> {
    serde_json::from_str(text)
}

impl FromIterator<(String, Page)> for Fetched {
    fn from_iter<T: IntoIterator<Item = (String, Page)>>(pages: T) -> Self {
        Fetched {
            pages: pages.into_iter().collect(),
        }
    }
}

impl Fetched {
    /// Fetches a page, with an `Authorization` header if there is one.
    pub fn get(&self, url: &str, authorization: Option<&str>) -> Answer<'_> {
        match self.pages.get(url) {
            Some(Page {
                authorization: Some(needed),
                ..
            }) if authorization != Some(needed) => Answer::Page(401, b""),
            Some(page) => Answer::Page(page.status, &page.body),
            // Who serves other pages says that this one is not there.
            None if self.pages.keys().any(|known| origin(known) == origin(url)) => {
                Answer::Page(404, b"")
            }
            None => Answer::Unreachable,
        }
    }
}

/// Scheme, host and port.
fn origin(url: &str) -> &str {
    let start = url.find("://").map_or(0, |at| at + 3);
    let end = url[start..].find(['/', '?', '#']);
    end.map_or(url, |end| &url[..start + end])
}

/// A status as Go shows it (`http.Response.Status`).
pub fn status_line(status: u16) -> String {
    let text = match status {
        200 => "OK",
        201 => "Created",
        202 => "Accepted",
        204 => "No Content",
        206 => "Partial Content",
        300 => "Multiple Choices",
        301 => "Moved Permanently",
        302 => "Found",
        303 => "See Other",
        304 => "Not Modified",
        307 => "Temporary Redirect",
        308 => "Permanent Redirect",
        400 => "Bad Request",
        401 => "Unauthorized",
        402 => "Payment Required",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        406 => "Not Acceptable",
        408 => "Request Timeout",
        409 => "Conflict",
        410 => "Gone",
        418 => "I'm a teapot",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        501 => "Not Implemented",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => return format!("{status} "),
    };
    format!("{status} {text}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_what_was_saved() {
        let page = |status, authorization: Option<&str>| Page {
            status,
            body: b"x".to_vec(),
            authorization: authorization.map(str::to_owned),
        };
        let fetched = Fetched::from_iter([
            ("https://a.example/1".to_owned(), page(200, None)),
            (
                "https://a.example/2".to_owned(),
                page(200, Some("Bearer s")),
            ),
            ("https://b.example".to_owned(), page(500, None)),
        ]);
        for (url, header, answer) in [
            ("https://a.example/1", None, Answer::Page(200, b"x")),
            ("https://a.example/1", Some("y"), Answer::Page(200, b"x")),
            (
                "https://a.example/2",
                Some("Bearer s"),
                Answer::Page(200, b"x"),
            ),
            ("https://a.example/2", Some("s"), Answer::Page(401, b"")),
            ("https://a.example/3", None, Answer::Page(404, b"")),
            ("https://b.example", None, Answer::Page(500, b"x")),
            ("https://b.example?q", None, Answer::Page(404, b"")),
            ("https://a.example:1/1", None, Answer::Unreachable),
            ("http://a.example/1", None, Answer::Unreachable),
        ] {
            assert_eq!(fetched.get(url, header), answer, "{url}");
        }
        assert_eq!(
            format!("{:?}", page(200, Some("secret"))),
            "Page(200, 1 bytes)"
        );
    }

    #[test]
    fn reads_the_file() {
        let read = entries(r#"{"u":{"file":"f","later":["g"]},"v":{"status":404}}"#);
        let read = read.expect("entries");
        assert_eq!(
            (read["u"].status, read["u"].file.as_deref()),
            (200, Some("f"))
        );
        assert_eq!((read["v"].status, read["v"].file.as_deref()), (404, None));
        assert!(entries(r#"{"u":"f"}"#).is_err());
    }
}
