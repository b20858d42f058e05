//! What no recording shows: words of the parser's error recovery, semantics of functions, and bounds.

use super::*;
use serde_json::json;

const OPERAND: &str = "{'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}";

/// The messages of a refusal with their places, without the lines that show them.
fn refusals(expression: &str) -> Vec<String> {
    match compile(expression, &Environment::claims(), Expected::Any) {
        Ok(_) => Vec::new(),
        Err(error) => {
            let error = error.to_string();
            let text = error.strip_prefix("compilation failed: ").unwrap_or(&error);
            text.lines()
                .filter_map(|line| line.strip_prefix("ERROR: <input>:"))
                .map(|line| line.replace(OPERAND, "OPERAND"))
                .collect()
        }
    }
}

#[test]
fn recovers_from_syntax_errors_as_antlr_does() {
    let cases: &[(&str, &[&str])] = &[
        (
            "*@a | b",
            &[
                "1:1: Syntax error: extraneous input '*' expecting OPERAND",
                "1:2: Syntax error: token recognition error at: '@'",
                "1:5: Syntax error: token recognition error at: '| '",
                "1:7: Syntax error: extraneous input 'b' expecting <EOF>",
            ],
        ),
        (
            "{",
            &[
                "1:2: Syntax error: mismatched input '<EOF>' expecting {'[', '{', '}', '(', '.', ',', '-', '!', '?', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}",
            ],
        ),
        (
            "Types(){}",
            &["1:8: Syntax error: mismatched input '{' expecting <EOF>"],
        ),
        (
            "Types{}()",
            &["1:8: Syntax error: mismatched input '(' expecting <EOF>"],
        ),
        (
            "1 + $",
            &[
                "1:5: Syntax error: token recognition error at: '$'",
                "1:6: Syntax error: mismatched input '<EOF>' expecting OPERAND",
            ],
        ),
        (
            "1 + 2\n3 +",
            &["2:1: Syntax error: mismatched input '3' expecting <EOF>"],
        ),
        (
            "1 + +",
            &[
                "1:5: Syntax error: mismatched input '+' expecting OPERAND",
                "1:6: Syntax error: mismatched input '<EOF>' expecting OPERAND",
            ],
        ),
        (
            "{\"a\": 1}.\"a\"",
            &["1:10: Syntax error: no viable alternative at input '.\"a\"'"],
        ),
        (
            "\"\\xFh\"",
            &[
                "1:1: Syntax error: token recognition error at: '\"\\xFh'",
                "1:6: Syntax error: token recognition error at: '\"'",
                "1:7: Syntax error: mismatched input '<EOF>' expecting OPERAND",
            ],
        ),
        (
            "'a' in ['b'] && in.😁",
            &[
                "1:17: Syntax error: extraneous input 'in' expecting OPERAND",
                "1:20: Syntax error: token recognition error at: '😁'",
                "1:21: Syntax error: no viable alternative at input '.'",
            ],
        ),
        (
            "in",
            &[
                "1:1: Syntax error: mismatched input 'in' expecting OPERAND",
                "1:3: Syntax error: mismatched input '<EOF>' expecting OPERAND",
            ],
        ),
        ("break", &["1:1: reserved identifier: break"]),
        (
            "[1].map(var, var * var)",
            &[
                "1:9: reserved identifier: var",
                "1:9: argument is not an identifier",
                "1:14: reserved identifier: var",
                "1:20: reserved identifier: var",
            ],
        ),
        (
            "func{{a}}",
            &[
                "1:6: Syntax error: extraneous input '{' expecting {'}', ',', '?', IDENTIFIER, ESC_IDENTIFIER}",
                "1:8: Syntax error: mismatched input '}' expecting ':'",
                "1:9: Syntax error: extraneous input '}' expecting <EOF>",
            ],
        ),
        (
            "msg{:a}",
            &[
                "1:5: Syntax error: extraneous input ':' expecting {'}', ',', '?', IDENTIFIER, ESC_IDENTIFIER}",
                "1:7: Syntax error: mismatched input '}' expecting ':'",
            ],
        ),
        (
            "{a}",
            &["1:3: Syntax error: mismatched input '}' expecting ':'"],
        ),
        (
            "ind[a{b}]",
            &["1:8: Syntax error: mismatched input '}' expecting ':'"],
        ),
        (
            "--",
            &[
                "1:3: Syntax error: no viable alternative at input '-'",
                "1:3: Syntax error: mismatched input '<EOF>' expecting OPERAND",
            ],
        ),
        (
            "?",
            &[
                "1:1: Syntax error: mismatched input '?' expecting OPERAND",
                "1:2: Syntax error: mismatched input '<EOF>' expecting OPERAND",
            ],
        ),
        (
            "self.true == 1",
            &["1:6: Syntax error: mismatched input 'true' expecting IDENTIFIER"],
        ),
        (
            "`b-c`",
            &["1:1: Syntax error: mismatched input '`b-c`' expecting OPERAND"],
        ),
        (
            "`b-c`()",
            &[
                "1:1: Syntax error: extraneous input '`b-c`' expecting OPERAND",
                "1:7: Syntax error: mismatched input ')' expecting OPERAND",
            ],
        ),
        (
            "a.`$b`",
            &[
                "1:3: Syntax error: token recognition error at: '`$'",
                "1:6: Syntax error: token recognition error at: '`'",
            ],
        ),
        (
            "x{.",
            &[
                "1:3: Syntax error: mismatched input '.' expecting {'}', ',', '?', IDENTIFIER, ESC_IDENTIFIER}",
            ],
        ),
        (
            "x{?.",
            &["1:4: Syntax error: mismatched input '.' expecting {IDENTIFIER, ESC_IDENTIFIER}"],
        ),
        (
            "'\\udead' == '\\ufffd'",
            &["1:1: invalid unicode code point"],
        ),
        (
            "foo(a,b,)",
            &["1:9: Syntax error: mismatched input ')' expecting OPERAND"],
        ),
        (
            "1 \u{b} + 2",
            &["1:3: Syntax error: token recognition error at: '\u{b}'"],
        ),
        (
            "-!x",
            &["1:2: Syntax error: no viable alternative at input '-!'"],
        ),
        (
            "!-x",
            &["1:3: Syntax error: no viable alternative at input '-x'"],
        ),
        (
            "has(a.`$b`)",
            &[
                "1:7: Syntax error: token recognition error at: '`$'",
                "1:10: Syntax error: token recognition error at: '`)'",
                "1:12: Syntax error: missing ')' at '<EOF>'",
            ],
        ),
        (
            "Msg{`$b`: 1}",
            &[
                "1:5: Syntax error: token recognition error at: '`$'",
                "1:8: Syntax error: token recognition error at: '`:'",
                "1:11: Syntax error: missing ':' at '1'",
            ],
        ),
        (
            "(a).b{}",
            &["1:6: Syntax error: mismatched input '{' expecting <EOF>"],
        ),
        ("0xFFFFFFFFFFFFFFFFF", &["1:1: invalid int literal"]),
        ("1.99e90000009", &["1:1: invalid double literal"]),
        (
            "[].all(__result__, true)",
            &["1:8: iteration variable overwrites accumulator variable"],
        ),
        ("1.all(2, 3)", &["1:7: argument must be a simple name"]),
    ];
    for (expression, expected) in cases {
        assert_eq!(refusals(expression), *expected, "{expression}");
    }
}

#[test]
fn strings_may_break_off_anywhere() {
    assert_eq!(
        refusals("\"\"\"hello\nworld"),
        [
            "1:3: Syntax error: token recognition error at: '\"hello",
            "2:1: Syntax error: extraneous input 'world' expecting <EOF>"
        ]
    );
    assert_eq!(
        refusals("r\"hello\nworld\""),
        [
            "1:2: Syntax error: token recognition error at: '\"hello",
            "2:1: Syntax error: extraneous input 'world' expecting <EOF>",
            "2:6: Syntax error: token recognition error at: '\"'",
        ]
    );
}

#[test]
fn depth_is_bounded() {
    let nested = |n: usize| format!("{}1{}", "[".repeat(n), "]".repeat(n));
    assert_eq!(refusals(&nested(249)), [""; 0]);
    assert_eq!(
        refusals(&nested(250)),
        ["-1:0: expression recursion limit exceeded: 250"]
    );
    let parens = |n: usize| format!("{}1{}", "(".repeat(n), ")".repeat(n));
    assert_eq!(refusals(&parens(249)), [""; 0]);
    assert_eq!(refusals(&vec!["1"; 250].join("+")), [""; 0]);
    assert_eq!(
        refusals(&vec!["1"; 300].join("+")),
        ["-1:0: max recursion depth exceeded"]
    );
    assert_eq!(refusals(&vec!["true"; 5000].join(" && ")), [""; 0]);
    let folds = |n: usize| format!("{}true{}", "[1].all(x, ".repeat(n), ")".repeat(n));
    assert_eq!(refusals(&folds(200)), [""; 0]);
    let long = "a".repeat(100_001);
    assert_eq!(
        refusals(&long),
        ["-1:0: expression code point size exceeds limit: size: 100001, limit 100000"]
    );
}

fn run(expression: &str) -> Result<Value, String> {
    let claims = json!({
        "sub": "jane", "n": 7, "half": 0.5, "b": true, "nil": null, "list": ["b", "a"], "nested": [["x"], ["y"]],
        "map": {"k": "v", "a.b": 1}, "ip": "10.0.0.1",
    });
    let program = compile(expression, &Environment::claims(), Expected::Any)
        .map_err(|error| error.to_string())?;
    let claims = claims.as_object().ok_or("no object")?;
    program
        .evaluate(&Value::object(claims))
        .map_err(|error| error.to_string())
}

#[test]
fn is_true() {
    let mut wrong = Vec::new();
    for expression in [
        "1 + 2 * 3 == 7 && 7 / 2 == 3 && -7 / 2 == -3 && -7 % 2 == -1",
        "dyn(1) == dyn(1.0) && dyn(1u) == dyn(1) && 1 < 1.5 && 2u > 1",
        "dyn('a') != dyn(1) && dyn(null) == claims.nil",
        "[1, 2] + [3] == [1, 2, 3] && {'a': 1} == {'a': 1}",
        "claims.n == 7.0 && claims.n > 6 && claims.list[0] == 'b'",
        "claims.map.a__dot__b == 1.0 && claims.map['a.b'] == 1.0",
        "has(claims.map.k) && !has(claims.map.x) && !has(claims.sub.x) && !has(claims.nope)",
        "false && claims.nope == 1 || true",
        "claims.nope == 1 || true",
        "!(claims.nope == 1 && false)",
        "[1, 2, 3].all(x, x > 0) && [1, 2].exists(x, x == 2) && [1, 2, 2].exists_one(x, x == 1)",
        "[1, 2, 3].exists(x, x / (x - 1) > 0 && x == 3)",
        "[1, 2, 3].map(x, x > 1, x * 2) == [4, 6] && [1, 2].filter(x, x > 1) == [2]",
        "{'a': 1, 'b': 2}.all(k, v, k != '' && v > 0)",
        "[5, 6].transformList(i, v, i + v) == [5, 7]",
        "{'a': 1}.transformMap(k, v, v + 1) == {'a': 2}",
        "{'a': 'b'}.transformMapEntry(k, v, {v: k}) == {'b': 'a'}",
        "[3, 1, 2].sort() == [1, 2, 3] && ['bb', 'a'].sortBy(s, s.size()) == ['a', 'bb']",
        "[[1], [2]].flatten() == [1, 2] && claims.nested.flatten(1) == ['x', 'y']",
        "lists.range(3) == [0, 1, 2] && [1, 2].reverse() == [2, 1] && [1, 1].distinct() == [1]",
        "[1, 2, 3].slice(1, 2) == [2] && [1, 2].sum() == 3 && [1, 3].max() == 3 && [1, 2].isSorted()",
        "[1, 2].indexOf(2) == 1 && 'abcb'.lastIndexOf('b') == 3 && 'héé'.indexOf('é') == 1",
        "sets.contains([1, 2], [1]) && sets.equivalent([1], [1, 1]) && sets.intersects([1], [1, 2])",
        "'a,b'.split(',') == ['a', 'b'] && 'abc'.split('') == ['a', 'b', 'c'] && 'a,b,c'.split(',', 2) == ['a', 'b,c']",
        "['a', 'b'].join('-') == 'a-b' && 'abc'.substring(1, 2) == 'b' && 'abc'.charAt(3) == ''",
        "'aaa'.replace('a', 'b', 2) == 'bba' && ' x '.trim() == 'x' && 'aB'.upperAscii() == 'AB'",
        "'%s %d %.2f %x %b %o'.format(['a', 5, 1.239, 255, 5, 8]) == 'a 5 1.24 ff 101 10'",
        "'%s'.format([[1, 'a', 1.5]]) == '[1, \"a\", 1.500000]' && '%%'.format([]) == '%'",
        "strings.quote('a\"\\n') == '\"a\\\\\"\\\\n\"'",
        "'ab12'.matches('[0-9]+') && 'ab12'.find('[0-9]+') == '12' && 'a1b2'.findAll('[0-9]') == ['1', '2']",
        "string(1.5) == '1.5' && string(100000000.0) == '1e+08' && string(true) == 'true' && string(b'x') == 'x'",
        "int('12') == 12 && int(3.9) == 3 && double('1.5') == 1.5 && uint(3) == 3u && bool('true')",
        "duration('1h30m').getMinutes() == 90 && string(duration('1.5s')) == '1.5s'",
        "timestamp('2020-01-02T03:04:05Z').getFullYear() == 2020 && timestamp('2020-01-02T03:04:05Z').getMonth() == 0",
        "timestamp('2020-01-02T23:04:05Z').getHours('+02:00') == 1",
        "timestamp('2020-01-02T03:04:05Z') + duration('1s') == timestamp('2020-01-02T03:04:06Z')",
        "string(timestamp(0)) == '1970-01-01T00:00:00Z' && int(timestamp('1970-01-01T00:00:01Z')) == 1",
        "type(1) == int && type('') == string && type([]) == list && type(type(1)) == type",
        "optional.of(1).hasValue() && !optional.none().hasValue() && optional.of(1).or(optional.of(2)).value() == 1",
        "claims.?nope.orValue('x') == 'x' && claims[?'sub'].value() == 'jane' && [?claims.?nope] == []",
        "claims.?sub.optMap(s, s + '!').value() == 'jane!' && claims.?map.optFlatMap(m, m.?k).value() == 'v'",
        "[1, 2].first().value() == 1 && [].last() == optional.none()",
        "url('https://u@h.x:8/p q?a=1&a=2#f').getHost() == 'h.x:8' && url('https://[::1]:8/').getHostname() == '::1'",
        "url('https://h/a b?k=v+w').getEscapedPath() == '/a%20b' && url('https://h/?k=v+w').getQuery() == {'k': ['v w']}",
        "isURL('/a') && !isURL('a') && isIP('::1') && !isIP('1.2.3') && isCIDR('10.0.0.0/8')",
        "ip(claims.ip).family() == 4 && cidr('10.0.0.0/8').containsIP(claims.ip) && string(ip('2001:DB8::1')) == '2001:db8::1'",
        "cidr('10.1.2.3/8').masked() == cidr('10.0.0.0/8') && cidr('10.0.0.0/8').prefixLength() == 8",
        "quantity('1.5Gi').isGreaterThan(quantity('1G')) && quantity('50k').add(20).asInteger() == 50020",
        "quantity('1k') == quantity('1000') && isQuantity('1Mi') && !isQuantity('200K')",
        "semver('1.2.3').isLessThan(semver('1.10.0')) && semver('1.0.0-rc.1').isLessThan(semver('1.0.0'))",
        "semver('v1.02', true).minor() == 2 && !isSemver('1.0')",
        "format.dns1123Label().validate('ok') == optional.none() && format.named('uuid').hasValue()",
        "image('nginx').registry() == 'index.docker.io' && image('r.io/a/b:t').tag() == 't'",
        "b'abc'.size() == 3 && b'a' + b'b' == b'ab' && '\\x41' == 'A' && r'\\d' == '\\\\d'",
    ] {
        let result = run(expression).map(|value| value.as_bool());
        if result != Ok(Some(true)) {
            wrong.push(format!("{expression}: {result:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn fails_in_cel_go_s_words() {
    for (expression, error) in [
        ("claims.nope", "no such key: nope"),
        (
            "matches(claims.nope, '(')",
            "program instantiation failed: error parsing regexp: missing closing ): `(`",
        ),
        ("claims.list[2]", "index out of bounds: 2"),
        ("claims.list[-1]", "index out of bounds: -1"),
        (
            "claims.list[claims.half]",
            "unsupported index value 0.5 in list",
        ),
        (
            "claims.list['x']",
            "unsupported index type 'string' in list",
        ),
        ("1 / 0", "division by zero"),
        ("1 % 0", "modulus by zero"),
        ("9223372036854775807 + 1", "integer overflow"),
        ("0u - 1u", "unsigned integer overflow"),
        ("claims.sub + claims.n", "no such overload"),
        ("claims.b + claims.n", "no such overload: _+_"),
        ("claims.list - claims.list", "no such overload: _-_"),
        ("claims.sub - claims.sub", "no such overload"),
        ("size(claims.n)", "no such overload: size"),
        (
            "claims.n.split(',')",
            "no such overload: split(double, string)",
        ),
        (
            "claims.list.join(claims.n)",
            "no such overload: join(list, double)",
        ),
        ("claims.n.startsWith('a')", "no such overload"),
        ("claims.n.matches('a')", "no such overload: matches"),
        ("claims.n ? 1 : 2", "no such overload"),
        (
            "dyn(claims.n).exists(x, x)",
            "got 'types.Double', expected iterable type",
        ),
        (
            "dyn(claims.n).exists(x, y, true)",
            "unsupported comprehension range type: types.Double",
        ),
        ("'sub' in claims", "no such overload"),
        ("size(claims)", "no such overload: size"),
        (
            "claims.sub.find('(')",
            "program instantiation failed: error parsing regexp: missing closing ): `(`",
        ),
        (
            "int('x')",
            "program instantiation failed: type conversion error from 'string' to 'int'",
        ),
        (
            "int(claims.sub)",
            "type conversion error from 'string' to 'int'",
        ),
        (
            "claims.sub.getHours()",
            "no such overload: getHours(string)",
        ),
        ("claims.sub.substring(9)", "index out of range: 9"),
        (
            "{'a': 1}.transformMapEntry(k, v, {'x': v}).transformMapEntry(k, v, {'y': 1 / 0})",
            "division by zero",
        ),
        (
            "['a', 'b'].transformMapEntry(i, v, {'k': v})",
            "insert failed: key k already exists",
        ),
        (
            "lists.range(2000000)",
            "operation cancelled: actual cost limit exceeded",
        ),
        (
            "lists.range(900).distinct()",
            "operation cancelled: actual cost limit exceeded",
        ),
        (
            "lists.range(2000000).exists(x, true) || true",
            "operation cancelled: actual cost limit exceeded",
        ),
        (
            "ip('1.2.3.400')",
            "IP Address \"1.2.3.400\" parse error during conversion from string: ParseAddr(\"1.2.3.400\"): IPv4 field has value >255",
        ),
        (
            "url('a')",
            "URL parse error during conversion from string: parse \"a\": invalid URI for request",
        ),
    ] {
        assert_eq!(
            run(expression).map(|v| format!("{v:?}")),
            Err(error.to_owned()),
            "{expression}"
        );
    }
}

#[test]
fn hostile_expressions_end() {
    let doubling = format!("[1]{}", ".map(a, {a: a})".repeat(60));
    assert!(compile(&doubling, &Environment::claims(), Expected::Any).is_err());
    let growing = format!(
        "optional.of('aaaaaaaaaa'){}.value()",
        ".optMap(s, s.replace('', s))".repeat(8)
    );
    assert_eq!(
        run(&growing).map(|_| ()),
        Err("operation cancelled: actual cost limit exceeded".to_owned())
    );
    let chain = format!("optional.of(1){}", ".optMap(x, x)".repeat(60));
    assert!(compile(&chain, &Environment::claims(), Expected::Any).is_err());
    let folds = format!(
        "{}true{}",
        "lists.range(100).all(x, ".repeat(20),
        ")".repeat(20)
    );
    assert_eq!(
        run(&folds).map(|_| ()),
        Err("operation cancelled: actual cost limit exceeded".to_owned())
    );
}

#[test]
fn tells_what_an_expression_mentions() {
    let mentions = |expression: &str, path: &[&str]| {
        compile(expression, &Environment::claims(), Expected::Any)
            .map(|program| program.mentions(path))
            .map_err(|error| error.to_string())
    };
    let email = ["claims", "email"];
    assert_eq!(mentions("claims.email + 'x'", &email), Ok(true));
    assert_eq!(mentions("claims.?email.orValue('')", &email), Ok(true));
    assert_eq!(mentions("has(claims.email) ? 'a' : 'b'", &email), Ok(true));
    assert_eq!(mentions("claims['email']", &email), Ok(false));
    assert_eq!(mentions("claims.x.email", &email), Ok(false));
    assert_eq!(mentions("claims.email_verified", &email), Ok(false));
}

#[test]
fn programs_go_between_threads() {
    fn check<T: Send + Sync>() {}
    check::<Program>();
    check::<Value>();
}

#[test]
fn match_conditions_see_a_review() {
    let request = Value::from(&json!({
        "user": "ann", "groups": ["dev"], "uid": "u1", "extra": {"a": ["b"]},
        "resourceAttributes": {
            "namespace": "shop", "verb": "get", "group": "", "version": "v1",
            "resource": "pods", "subresource": "", "name": "p"
        }
    }));
    for (expression, outcome) in [
        ("request.user == 'ann' && 'dev' in request.groups", "true"),
        ("has(request.resourceAttributes)", "true"),
        ("has(request.nonResourceAttributes)", "false"),
        ("request.resourceAttributes.verb in ['list']", "false"),
        ("request.extra['a'].exists(v, v == 'b')", "true"),
        (
            "request.nonResourceAttributes.path == '/'",
            "no such key: nonResourceAttributes",
        ),
        ("request.extra['nope'] == []", "no such key: nope"),
        (
            "request.extra",
            "must evaluate to bool but got map(string, list(string))",
        ),
        (
            "request",
            "must evaluate to bool but got kubernetes.SubjectAccessReviewSpec",
        ),
    ] {
        let program = compile(
            expression,
            &Environment::subject_access_review(),
            Expected::Bool,
        );
        let answer = match program.map(|program| program.evaluate(&request)) {
            Ok(Ok(value)) => format!("{}", value.as_bool().unwrap_or_default()),
            Ok(Err(error)) => error.to_string(),
            Err(error) => error.to_string(),
        };
        assert_eq!(answer, outcome, "{expression}");
    }
}

const PARTS: [&str; 47] = [
    "claims",
    "user",
    ".",
    "?",
    ":",
    "[",
    "]",
    "(",
    ")",
    "{",
    "}",
    ",",
    "'a'",
    "1",
    "2u",
    "1.5",
    "-",
    "+",
    "*",
    "/",
    "%",
    "!",
    "==",
    "<",
    "&&",
    "||",
    " in ",
    "has(",
    ".map(x, ",
    ".all(k, v, ",
    ".optMap(o, ",
    "x",
    "null",
    "true",
    "b'\\x00'",
    "[?",
    "[0]",
    "@",
    "`a-b`",
    ".find('(')",
    ".size()",
    "\u{1f600}",
    "\n",
    "type",
    "string(",
    "lists.range(",
    "quantity('1Ki')",
];

proptest::proptest! {
    #[test]
    fn no_soup_of_tokens_is_harmful(soup in proptest::collection::vec(0..PARTS.len(), 0..40)) {
        let expression: String = soup.iter().filter_map(|&part| PARTS.get(part).copied()).collect();
        if let Ok(program) = compile(&expression, &Environment::claims(), Expected::Any) {
            let _ = program.evaluate(&Value::object(&serde_json::Map::new()));
        }
    }
}
