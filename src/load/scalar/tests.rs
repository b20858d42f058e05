use super::*;

fn json(scalar: &Scalar<'_>) -> String {
    let mut out = String::new();
    match scalar {
        Scalar::Null => out.push_str("null"),
        Scalar::Bool(value) => out.push_str(&value.to_string()),
        Scalar::String(text) => out = format!("{text:?}"),
        number if number.write_number(&mut out).is_none() => out.push_str("none"),
        _ => {}
    }
    out
}

#[test]
fn plain_scalars() {
    for (text, expected) in [
        ("", "null"),
        ("~", "null"),
        ("null", "null"),
        ("Null", "null"),
        ("NULL", "null"),
        ("nULL", "\"nULL\""),
        ("y", "true"),
        ("Y", "true"),
        ("yes", "true"),
        ("Yes", "true"),
        ("YES", "true"),
        ("yEs", "\"yEs\""),
        ("on", "true"),
        ("On", "true"),
        ("ON", "true"),
        ("true", "true"),
        ("TRUE", "true"),
        ("n", "false"),
        ("N", "false"),
        ("no", "false"),
        ("off", "false"),
        ("Off", "false"),
        ("False", "false"),
        ("yesterday", "\"yesterday\""),
        ("0", "0"),
        ("-0", "0"),
        ("+1", "1"),
        ("-12", "-12"),
        ("0b11", "3"),
        ("-0b11", "-3"),
        ("0b-11", "-3"),
        ("0o17", "15"),
        ("017", "15"),
        ("0644", "420"),
        ("08", "8"),
        ("0x1F", "31"),
        ("0X1f", "31"),
        ("-0x10", "-16"),
        ("0x", "\"0x\""),
        ("0x-1", "\"0x-1\""),
        ("0xg", "\"0xg\""),
        ("1_000", "1000"),
        ("+_1_", "1"),
        ("_1", "\"_1\""),
        ("-", "\"-\""),
        ("--1", "\"--1\""),
        ("9223372036854775807", "9223372036854775807"),
        ("18446744073709551615", "18446744073709551615"),
        ("18446744073709551616", "18446744073709552000"),
        ("-9223372036854775808", "-9223372036854775808"),
        ("-9223372036854775809", "-9223372036854776000"),
        ("0xffffffffffffffffff", "\"0xffffffffffffffffff\""),
        ("1.0", "1"),
        ("1.", "1"),
        ("1.10", "1.1"),
        (".5", "0.5"),
        ("-.5", "-0.5"),
        ("._5", "\"._5\""),
        (".5_0", "0.5"),
        (".5_", "\".5_\""),
        ("1e3", "1000"),
        ("1e", "\"1e\""),
        ("1e21", "1e+21"),
        ("1e20", "100000000000000000000"),
        ("1E-7", "1e-7"),
        ("0.000001", "0.000001"),
        ("-0.0", "-0"),
        ("1e999", "\"1e999\""),
        (".", "\".\""),
        ("..", "\"..\""),
        ("1.2.3", "\"1.2.3\""),
        (".inf", "none"),
        ("-.INF", "none"),
        (".nan", "none"),
        ("NaN", "\"NaN\""),
        ("2020-01-01", "\"2020-01-01\""),
        ("12:30:45", "\"12:30:45\""),
        ("<<", "\"<<\""),
        ("=", "\"=\""),
        ("get", "\"get\""),
        ("１", "\"１\""),
    ] {
        assert_eq!(json(&resolve_plain(text)), expected, "{text}");
    }
}

#[test]
fn tagged_scalars() {
    for (tag, text, expected) in [
        ("str", "1", Some("\"1\"")),
        ("str", "", Some("\"\"")),
        ("int", "1", Some("1")),
        ("int", "1.5", None),
        ("int", "", None),
        ("float", "1", Some("1")),
        ("float", "1.5", Some("1.5")),
        ("float", "18446744073709551615", None),
        ("bool", "yes", Some("true")),
        ("bool", "1", None),
        ("null", "~", Some("null")),
        ("null", "x", None),
        ("timestamp", "2020-02-29", Some("\"2020-02-29\"")),
        ("timestamp", "2021-02-29", None),
        (
            "timestamp",
            "2020-1-2T3:4:5.67+01:00",
            Some("\"2020-1-2T3:4:5.67+01:00\""),
        ),
        ("timestamp", "2020-1-2 3:4:5", Some("\"2020-1-2 3:4:5\"")),
        ("timestamp", "2020-1-2 3:4", None),
        ("binary", "aGk=", Some("\"hi\"")),
        ("binary", "aG\nk=", Some("\"hi\"")),
        ("binary", "aGk", None),
        ("binary", "aGk==", None),
        ("binary", "//8=", Some("\"\u{fffd}\u{fffd}\"")),
        ("unheard", "1", Some("\"1\"")),
    ] {
        let found = resolve(Some(&format!("{TAG}{tag}")), text, false);
        assert_eq!(
            found.ok().map(|s| json(&s)).as_deref(),
            expected,
            "{tag} {text}"
        );
    }
    assert_eq!(
        resolve(Some("!tag"), "1", false),
        Ok(Scalar::String("1".into()))
    );
    assert_eq!(
        resolve(Some("!"), "1", true),
        Ok(Scalar::String("1".into()))
    );
    assert_eq!(resolve(None, "1", false), Ok(Scalar::String("1".into())));
    assert_eq!(resolve(None, "1", true), Ok(Scalar::Integer(1)));
}

#[test]
fn keys() {
    for (text, expected) in [
        ("yes", Some("true")),
        ("0644", Some("420")),
        ("1.5", Some("1.5")),
        ("1.0", Some("1")),
        ("1e5", Some("100000")),
        ("1e6", Some("1e+06")),
        ("1e-5", Some("1e-05")),
        (".inf", Some(".inf")),
        ("a", Some("a")),
        ("~", None),
        ("9223372036854775808", None),
    ] {
        assert_eq!(
            resolve_plain(text).into_key().ok().as_deref(),
            expected,
            "{text}"
        );
    }
}
