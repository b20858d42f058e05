//! Verified claims, decoded into typed fields as go-jose decodes them into Go structs.

use super::json::{Keys, Kind, Raw};
use jiff::Timestamp;

/// A time in a token: whole seconds since 1970 (`jwt.NumericDate`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NumericDate(pub i64);

impl NumericDate {
    /// Go counts seconds from the year 1 and wraps around.
    fn go_seconds(self) -> i64 {
        self.0.wrapping_add(62_135_596_800)
    }

    /// Whether `time` is before this, to the nanosecond.
    pub fn is_after(self, time: Timestamp) -> bool {
        go_time(time) < (self.go_seconds(), 0)
    }

    /// Whether `time` is later than this, to the nanosecond.
    pub fn is_before(self, time: Timestamp) -> bool {
        go_time(time) > (self.go_seconds(), 0)
    }
}

fn go_time(time: Timestamp) -> (i64, i32) {
    let nanoseconds = time.as_nanosecond();
    let seconds = nanoseconds.div_euclid(1_000_000_000) as i64;
    let rest = nanoseconds.rem_euclid(1_000_000_000) as i32;
    (NumericDate(seconds).go_seconds(), rest)
}

/// The claims that every token may have (`jwt.Claims`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RegisteredClaims {
    /// `iss`
    pub issuer: String,
    /// `sub`
    pub subject: String,
    /// `aud`: a string or a list of strings.
    pub audience: Vec<String>,
    /// `exp`
    pub expiry: Option<NumericDate>,
    /// `nbf`
    pub not_before: Option<NumericDate>,
    /// `iat`
    pub issued_at: Option<NumericDate>,
    /// `jti`
    pub id: String,
}

impl RegisteredClaims {
    /// Reads the claims of a token.
    ///
    /// # Errors
    /// go-jose's text.
    pub fn read(claims: Raw<'_>) -> Result<Self, String> {
        let mut out = RegisteredClaims::default();
        let mut fill = Fill::default();
        fill.object(claims, "jwt.Claims", |fill, key, value| match key {
            "iss" => fill.string(value, &mut out.issuer),
            "sub" => fill.string(value, &mut out.subject),
            "aud" => audience(value).map(|audience| out.audience = audience),
            "exp" => fill.date(value, &mut out.expiry),
            "nbf" => fill.date(value, &mut out.not_before),
            "iat" => fill.date(value, &mut out.issued_at),
            "jti" => fill.string(value, &mut out.id),
            _ => Ok(()),
        })?;
        fill.finish()?;
        Ok(out)
    }
}

fn audience(value: Raw<'_>) -> Result<Vec<String>, String> {
    const WRONG: &str =
        "go-jose/go-jose/jwt: expected string or array value to unmarshal to Audience";
    if let Some(trouble) = value.trouble() {
        return Err(trouble);
    }
    let strings: Option<Vec<String>> = match value.kind() {
        Kind::String => value.string().map(|one| vec![one.into_owned()]),
        Kind::Array => value
            .elements()
            .map(|element| Some(element.string()?.into_owned()))
            .collect(),
        _ => None,
    };
    strings.ok_or_else(|| WRONG.to_owned())
}

/// Fills typed fields as go-jose's JSON reader does: of values of the wrong type it remembers the first
/// and goes on, while any other error ends it at once.
#[derive(Debug, Default)]
pub struct Fill {
    wrong_type: Option<String>,
}

impl Fill {
    fn note(&mut self, value: Raw<'_>, go_type: &str) -> Result<(), String> {
        let found = value.kind();
        let text = format!(
            "json: cannot unmarshal {} into Go value of type {go_type}",
            found.go_name()
        );
        match found {
            Kind::Number => Err(text),
            _ => {
                self.wrong_type.get_or_insert(text);
                Ok(())
            }
        }
    }

    /// Reads a string; `null` leaves the field as it is.
    ///
    /// # Errors
    /// go-jose's text of what ends the reading.
    pub fn string(&mut self, value: Raw<'_>, field: &mut String) -> Result<(), String> {
        match value.kind() {
            Kind::Null => Ok(()),
            _ => match value.string() {
                Some(text) => {
                    *field = text.into_owned();
                    Ok(())
                }
                None => self.note(value, "string"),
            },
        }
    }

    /// Reads a list of strings; `null` is none, and the empty text within it.
    ///
    /// # Errors
    /// go-jose's text of what ends the reading.
    pub fn strings(&mut self, value: Raw<'_>, field: &mut Vec<String>) -> Result<(), String> {
        match value.kind() {
            Kind::Null => field.clear(),
            Kind::Array => {
                field.clear();
                for element in value.elements() {
                    let mut text = String::new();
                    self.string(element, &mut text)?;
                    field.push(text);
                }
            }
            _ => self.note(value, "[]string")?,
        }
        Ok(())
    }

    /// Reads a time; `null` is none. A fraction is cut off.
    ///
    /// # Errors
    /// go-jose's text of what ends the reading.
    pub fn date(&mut self, value: Raw<'_>, field: &mut Option<NumericDate>) -> Result<(), String> {
        if value.kind() == Kind::Null {
            *field = None;
            return Ok(());
        }
        let seconds = value.float().ok_or_else(|| {
            "go-jose/go-jose/jwt: expected number value to unmarshal NumericDate".to_owned()
        })?;
        // What a processor of the server's kind makes of a number that no integer can hold.
        let fits = (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&seconds);
        *field = Some(NumericDate(if fits { seconds as i64 } else { i64::MIN }));
        Ok(())
    }

    /// Reads an object, handing its entries to `entry`; whether there is one (`null` is none).
    ///
    /// # Errors
    /// go-jose's text of what ends the reading, a key that stands twice too.
    pub fn object<'t>(
        &mut self,
        value: Raw<'t>,
        go_type: &str,
        mut entry: impl FnMut(&mut Fill, &str, Raw<'t>) -> Result<(), String>,
    ) -> Result<bool, String> {
        match value.kind() {
            Kind::Null => return Ok(false),
            Kind::Object => {}
            _ => {
                self.note(value, go_type)?;
                return Ok(true);
            }
        }
        let mut keys = Keys::default();
        for (key, value) in value.entries() {
            keys.add(key.clone())?;
            entry(self, &key, value)?;
        }
        Ok(true)
    }

    /// Says whether all had the right type.
    ///
    /// # Errors
    /// go-jose's text of the first that had not.
    pub fn finish(self) -> Result<(), String> {
        self.wrong_type.map_or(Ok(()), Err)
    }
}

#[cfg(test)]
mod tests {
    use super::super::json::check;
    use super::*;

    fn read(text: &str) -> Result<RegisteredClaims, String> {
        RegisteredClaims::read(check(text.as_bytes(), 100).map_err(|_| "syntax".to_owned())?)
    }

    #[test]
    fn decodes_as_go_jose_does() {
        let claims = read(
            r#"{"iss":"i","sub":null,"aud":"a","exp":1.9,"nbf":-1.5e1,"iat":null,"jti":"j","EXP":"x"}"#,
        );
        let expected = RegisteredClaims {
            issuer: "i".to_owned(),
            audience: vec!["a".to_owned()],
            expiry: Some(NumericDate(1)),
            not_before: Some(NumericDate(-15)),
            id: "j".to_owned(),
            ..RegisteredClaims::default()
        };
        assert_eq!(claims, Ok(expected));
        let date = "go-jose/go-jose/jwt: expected number value to unmarshal NumericDate";
        let list = "go-jose/go-jose/jwt: expected string or array value to unmarshal to Audience";
        for (text, error) in [
            (r#"{"exp":"1"}"#, date),
            (r#"{"exp":1e999}"#, date),
            (r#"{"nbf":[1]}"#, date),
            (r#"{"aud":null}"#, list),
            (r#"{"aud":[null]}"#, list),
            (
                r#"{"aud":{"a":1,"a":2}}"#,
                "json: duplicate key 'a' in object",
            ),
            // A wrong type is remembered, the first of them, and overruled by what ends the reading.
            (
                r#"{"sub":true,"iss":[]}"#,
                "json: cannot unmarshal bool into Go value of type string",
            ),
            (r#"{"sub":true,"exp":"x"}"#, date),
            (
                r#"{"sub":{},"a":1,"a":1}"#,
                "json: duplicate key 'a' in object",
            ),
            (
                r#"{"sub":true,"jti":1,"exp":"x"}"#,
                "json: cannot unmarshal number into Go value of type string",
            ),
        ] {
            assert_eq!(read(text), Err(error.to_owned()), "{text}");
        }
    }

    #[test]
    fn compares_times_as_go_does() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap_or_default();
        let date = NumericDate(1);
        assert!(date.is_after(at("1970-01-01T00:00:00.999999999Z")));
        assert!(!date.is_after(at("1970-01-01T00:00:01Z")));
        assert!(!date.is_before(at("1970-01-01T00:00:01Z")));
        assert!(date.is_before(at("1970-01-01T00:00:01.000000001Z")));
        assert!(NumericDate(i64::MIN).is_before(at("2026-01-01T00:00:00Z")));
        assert!(NumericDate(i64::MAX).is_before(at("2026-01-01T00:00:00Z")));
        assert!(NumericDate(1_000_000_000_000).is_after(at("2026-01-01T00:00:00Z")));
    }
}
