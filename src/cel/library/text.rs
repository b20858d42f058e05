//! Values as Go prints them.

use crate::cel::value::Value;

/// Go's `strconv.FormatFloat(d, 'g', -1, 64)`.
pub(in crate::cel) fn double(d: f64) -> String {
    if d.is_nan() {
        return "NaN".to_owned();
    }
    if d.is_infinite() {
        return if d > 0.0 { "+Inf" } else { "-Inf" }.to_owned();
    }
    let scientific = format!("{d:e}");
    let Some((mantissa, exponent)) = scientific.split_once('e') else {
        return scientific;
    };
    let exponent: i32 = exponent.parse().unwrap_or(0);
    // The shortest text of a number takes an exponent from 21 digits on in JSON, but from seven on here.
    if !(-4..6).contains(&exponent) {
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{mantissa}e{sign}{:02}", exponent.abs());
    }
    format!("{d}")
}

/// Go's `%q`.
pub(in crate::cel) fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\x07' => out.push_str("\\a"),
            '\x08' => out.push_str("\\b"),
            '\x0c' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\x0b' => out.push_str("\\v"),
            c if c.is_ascii() && c.is_ascii_control() => {
                out.push_str(&format!("\\x{:02x}", c as u32))
            }
            c if c.is_control()
                || matches!(
                    c,
                    '\u{a0}' | '\u{ad}' | '\u{2028}' | '\u{2029}' | '\u{feff}'
                ) =>
            {
                out.push_str(&format!("\\u{:04x}", c as u32));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Go's `%v` of a value, as error texts show keys.
pub(in crate::cel) fn go_text(value: &Value) -> String {
    match value {
        Value::Null => "0".to_owned(),
        Value::Bool(b) => b.to_string(),
        Value::Int(n) => n.to_string(),
        Value::Uint(n) => n.to_string(),
        Value::Double(d) => double(*d),
        Value::String(s) => s.to_string(),
        Value::Bytes(b) => {
            let shown: Vec<String> = b.iter().map(u8::to_string).collect();
            format!("[{}]", shown.join(" "))
        }
        Value::List(list) => {
            let shown: Vec<String> = list.items().iter().map(go_text).collect();
            format!("[{}]", shown.join(", "))
        }
        Value::Timestamp(t) => super::time::timestamp_text(*t),
        Value::Duration(d) => super::time::duration_text(*d),
        Value::Type(name) => name.to_string(),
        other => other.type_name().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::double;

    #[test]
    fn prints_doubles_as_go_does() {
        for (d, text) in [
            (1001.0, "1001"),
            (1_234_567.0, "1.234567e+06"),
            (100_000_000.0, "1e+08"),
            (100_000.0, "100000"),
            (1_000_000.0, "1e+06"),
            (0.5, "0.5"),
            (-0.25, "-0.25"),
            (1e-4, "0.0001"),
            (1e-5, "1e-05"),
            (123_456.789, "123456.789"),
            (1_234_567.5, "1.2345675e+06"),
            (9_007_199_254_740_992.0, "9.007199254740992e+15"),
            (4_102_444_800.0, "4.1024448e+09"),
            (1e100, "1e+100"),
            (f64::INFINITY, "+Inf"),
            (-0.0, "-0"),
        ] {
            assert_eq!(double(d), text);
        }
    }
}
