//! The claims that go-oidc itself looks at, read into typed fields as Go's `encoding/json` reads them.

use crate::jwt::json::{Kind, Raw, check};
use crate::jwt::{NumericDate, is_field};
use crate::model::Quoted;
use std::collections::{BTreeMap, BTreeSet};

/// The year 1, which is Go's time of a token that names none.
const YEAR_ONE: NumericDate = NumericDate(-62_135_596_800);

/// What a token says about itself (`idToken` of go-oidc).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdToken {
    /// `iss`
    pub issuer: String,
    /// `aud`
    pub audience: Vec<String>,
    /// `exp`
    pub expiry: NumericDate,
    /// `nbf`
    pub not_before: Option<NumericDate>,
    /// `_claim_names`: where each claim that is not here comes from.
    names: BTreeMap<String, String>,
    /// The names of `_claim_sources`.
    sources: BTreeSet<String>,
}

impl IdToken {
    /// Reads the claims.
    ///
    /// # Errors
    /// Go's text.
    pub fn read(claims: Raw<'_>) -> Result<IdToken, String> {
        let mut token = IdToken {
            issuer: String::new(),
            audience: Vec::new(),
            expiry: YEAR_ONE,
            not_before: None,
            names: BTreeMap::new(),
            sources: BTreeSet::new(),
        };
        let mut saved = Saved::default();
        for (key, value) in claims.entries() {
            let Some(field) = FIELDS.iter().find(|field| is_field(&key, field)) else {
                continue;
            };
            let path = format!("idToken.{field}");
            match *field {
                "iss" => saved.string(value, &path, &mut token.issuer),
                "sub" | "nonce" | "at_hash" => saved.string(value, &path, &mut String::new()),
                "aud" => token.audience = audience(value)?,
                "exp" => token.expiry = time(value, field)?,
                "iat" => drop(time(value, field)?),
                "nbf" if value.kind() == Kind::Null => token.not_before = None,
                "nbf" => token.not_before = Some(time(value, field)?),
                "_claim_names" => {
                    if !saved.map(value, &path, "map[string]string", || token.names.clear()) {
                        continue;
                    }
                    for (name, source) in value.entries() {
                        let mut text = String::new();
                        saved.string(source, &path, &mut text);
                        token.names.insert(name.into_owned(), text);
                    }
                }
                _ => {
                    let go_type = "map[string]oidc.claimSource";
                    if !saved.map(value, &path, go_type, || token.sources.clear()) {
                        continue;
                    }
                    for (name, source) in value.entries() {
                        saved.source(source);
                        token.sources.insert(name.into_owned());
                    }
                }
            }
        }
        saved.0.map_or(Ok(token), Err)
    }

    /// Whether every claim that comes from elsewhere comes from a source that the token names.
    ///
    /// # Errors
    /// go-oidc's text.
    pub fn check_sources(&self) -> Result<(), &'static str> {
        for source in self.names.values() {
            if source.is_empty() {
                return Err("oidc: failed to obtain source from claim name");
            }
            if !self.sources.contains(source) {
                return Err("oidc: source does not exist");
            }
        }
        Ok(())
    }
}

const FIELDS: [&str; 10] = [
    "iss",
    "sub",
    "aud",
    "exp",
    "iat",
    "nbf",
    "nonce",
    "at_hash",
    "_claim_names",
    "_claim_sources",
];

/// The first value of a wrong type: Go goes on behind it.
#[derive(Default)]
struct Saved(Option<String>);

impl Saved {
    fn note(&mut self, value: Raw<'_>, path: &str, go_type: &str) {
        let found = value.kind().go_name();
        self.0.get_or_insert_with(|| {
            format!("json: cannot unmarshal {found} into Go struct field {path} of type {go_type}")
        });
    }

    fn string(&mut self, value: Raw<'_>, path: &str, field: &mut String) {
        match value.string() {
            Some(text) => *field = text.into_owned(),
            None if value.kind() == Kind::Null => {}
            None => self.note(value, path, "string"),
        }
    }

    /// Whether the value is an object; `null` makes the map an empty one.
    fn map(&mut self, value: Raw<'_>, path: &str, go_type: &str, clear: impl FnOnce()) -> bool {
        match value.kind() {
            Kind::Object => return true,
            Kind::Null => clear(),
            _ => self.note(value, path, go_type),
        }
        false
    }

    fn source(&mut self, value: Raw<'_>) {
        let path = "idToken._claim_sources";
        if !self.map(value, path, "oidc.claimSource", || ()) {
            return;
        }
        for (key, value) in value.entries() {
            for field in ["endpoint", "access_token"] {
                if is_field(&key, field) {
                    let path = format!("claimSource._claim_sources.{field}");
                    self.string(value, &path, &mut String::new());
                }
            }
        }
    }
}

fn audience(value: Raw<'_>) -> Result<Vec<String>, String> {
    let wrong = |value: Raw<'_>, go_type: &str| {
        let found = value.kind().go_name();
        format!("json: cannot unmarshal {found} into Go struct field idToken.aud of type {go_type}")
    };
    let text = |value: Raw<'_>| match value.string() {
        Some(text) => Some(text.into_owned()),
        None if value.kind() == Kind::Null => Some(String::new()),
        None => None,
    };
    if let Some(one) = text(value) {
        return Ok(vec![one]);
    }
    if value.kind() != Kind::Array {
        return Err(wrong(value, "[]string"));
    }
    let element = |value: Raw<'_>| text(value).ok_or_else(|| wrong(value, "string"));
    value.elements().map(element).collect()
}

/// A time: a number, or a string with one.
fn time(value: Raw<'_>, field: &str) -> Result<NumericDate, String> {
    let number = match value.kind() {
        Kind::Null => String::new(),
        Kind::Number => String::from_utf8_lossy(value.bytes()).into_owned(),
        Kind::String => {
            let text = value.string().unwrap_or_default().into_owned();
            let is_number = check(text.as_bytes(), 0)
                .is_ok_and(|raw| raw.kind() == Kind::Number && raw.bytes().len() == text.len());
            if !is_number {
                let shown = String::from_utf8_lossy(value.bytes());
                return Err(format!(
                    "json: invalid number literal, trying to unmarshal {} into Number",
                    Quoted(&shown)
                ));
            }
            text
        }
        other => {
            let found = other.go_name();
            return Err(format!(
                "json: cannot unmarshal {found} into Go struct field idToken.{field} of type json.Number"
            ));
        }
    };
    if let Ok(seconds) = number.parse() {
        return Ok(NumericDate(seconds));
    }
    let fail = |what: &str| {
        let number = Quoted(&number);
        Err(format!("strconv.ParseFloat: parsing {number}: {what}"))
    };
    match number.parse::<f64>() {
        Err(_) => fail("invalid syntax"),
        Ok(seconds) if seconds.is_infinite() => fail("value out of range"),
        Ok(seconds) => {
            // What a processor of the server's kind makes of a number that no integer can hold.
            let bound = 9_223_372_036_854_775_808.0;
            let fits = (-bound..bound).contains(&seconds);
            Ok(NumericDate(if fits { seconds as i64 } else { i64::MIN }))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<IdToken, String> {
        IdToken::read(check(text.as_bytes(), 100).map_err(|_| "syntax".to_owned())?)
    }

    #[test]
    fn reads_as_encoding_json_does() {
        let token = read(
            r#"{"ISS":"a","iss":"b","Aud":["x",null],"exp":"12","EXP":1.9,"nbf":null,"iat":-1e3,"_claim_names":{"g":"s"},"_claim_sources":{"s":null}}"#,
        )
        .expect("claims");
        assert_eq!((&token.issuer[..], token.expiry), ("b", NumericDate(1)));
        assert_eq!(
            (&token.audience[..], token.not_before),
            (&["x".to_owned(), String::new()][..], None)
        );
        assert_eq!(token.check_sources(), Ok(()));
        let none = read("{}").expect("claims");
        assert_eq!((none.expiry, none.audience.len()), (YEAR_ONE, 0));
        assert_eq!(
            read(r#"{"exp":9223372036854775808}"#).map(|t| t.expiry),
            Ok(NumericDate(i64::MIN))
        );
    }

    #[test]
    fn refuses_as_encoding_json_does() {
        for (text, error) in [
            // The first wrong type counts, unless a type of its own ends the reading.
            (
                r#"{"sub":1,"nonce":[]}"#,
                "json: cannot unmarshal number into Go struct field idToken.sub of type string",
            ),
            (
                r#"{"sub":1,"exp":null}"#,
                "strconv.ParseFloat: parsing \"\": invalid syntax",
            ),
            (
                r#"{"exp":" 1"}"#,
                "json: invalid number literal, trying to unmarshal \"\\\" 1\\\"\" into Number",
            ),
            (
                r#"{"iat":1e999}"#,
                "strconv.ParseFloat: parsing \"1e999\": value out of range",
            ),
            (
                r#"{"nbf":{}}"#,
                "json: cannot unmarshal object into Go struct field idToken.nbf of type json.Number",
            ),
            (
                r#"{"_claim_sources":{"s":{"Endpoint":1}}}"#,
                "json: cannot unmarshal number into Go struct field claimSource._claim_sources.endpoint of type string",
            ),
        ] {
            assert_eq!(read(text), Err(error.to_owned()), "{text}");
        }
        let sources = |text: &str| read(text).map(|token| token.check_sources());
        assert_eq!(
            sources(r#"{"_claim_names":{"g":"s"}}"#),
            Ok(Err("oidc: source does not exist"))
        );
        assert_eq!(
            sources(r#"{"_claim_names":{"g":null},"_claim_sources":{"":{}}}"#),
            Ok(Err("oidc: failed to obtain source from claim name"))
        );
    }
}
