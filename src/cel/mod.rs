//! CEL as the API server of Kubernetes 1.36 compiles and runs it for authentication and authorization.
//!
//! A library room that uses no other room. [`compile`] takes an expression from an AuthenticationConfiguration or from
//! the match conditions of a webhook authorizer through cel-go's parser, checker and validators, and says what is wrong
//! in their words; [`Program::evaluate`] runs it with cel-go's semantics, error texts and limit of cost.
//!
//! It is a reimplementation and not a wrapper of the crate `cel`: that one has no static types, no cost, and other words.
//!
//! ```
//! use rbac_check::cel::{self, Environment, Expected, Value};
//!
//! let program = cel::compile("claims.sub + '@corp'", &Environment::claims(), Expected::Any)?;
//! let claims = serde_json::json!({"sub": "jane"});
//! let claims = Value::object(claims.as_object().unwrap());
//! assert_eq!(program.evaluate(&claims)?.as_str(), Some("jane@corp"));
//!
//! let refused = cel::compile("claims.", &Environment::claims(), Expected::Any).unwrap_err();
//! assert!(refused.to_string().starts_with("compilation failed: ERROR: <input>:1:8: Syntax error: "));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod ast;
mod checker;
mod declarations;
mod environment;
mod eval;
mod functions;
mod library;
mod opaque;
mod source;
mod syntax;
mod types;
mod validators;
mod value;

#[cfg(test)]
mod tests;

pub use environment::Environment;
pub use eval::EvalError;
pub use types::Type;
pub use value::{List, Map, Value};

use ast::{Expr, Kind, Literal};
use checker::Checked;
use source::{Errors, Source};

/// The type that an expression must have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// Validation rules and match conditions: statically bool, `dyn` will not do.
    Bool,
    /// Claim mappings: anything, what it gives is looked at for each token.
    Any,
}

/// Why the server refuses an expression, in its words, as they stand behind `Invalid value: "…": `.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CompileError {
    /// What cel-go reports: syntax, types, literals.
    #[error("compilation failed: {0}")]
    Issues(String),
    /// The type is not the expected one.
    #[error("{0}")]
    WrongType(String),
    /// A constant part fails, as in `int('x')`, or a literal pattern of `find`.
    #[error("program instantiation failed: {0}")]
    Program(String),
}

/// An expression that the server takes. Compile it once, evaluate it often, from any thread.
#[derive(Debug)]
pub struct Program {
    expr: Expr,
    checked: Checked,
    environment: Environment,
    output: Type,
    deep: bool,
}

/// More characters or levels than this are handled on a stack of their own.
const LARGE: usize = 400;
const DEEP: usize = 60;
const STACK: usize = 256 << 20;

/// Runs on a large stack, so that no nesting can exhaust this one.
fn on_large_stack<T: Send>(large: bool, run: impl FnOnce() -> T + Send) -> T {
    if !large {
        return run();
    }
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new()
            .stack_size(STACK)
            .spawn_scoped(scope, run);
        match thread.map(std::thread::ScopedJoinHandle::join) {
            Ok(Ok(value)) => value,
            Ok(Err(panic)) => std::panic::resume_unwind(panic),
            Err(error) => panic!("no thread for a large expression: {error}"),
        }
    })
}

/// Compiles an expression for an environment.
///
/// # Errors
/// The server's words.
pub fn compile(
    expression: &str,
    environment: &Environment,
    expected: Expected,
) -> Result<Program, CompileError> {
    on_large_stack(expression.len() > LARGE, || {
        compile_here(expression, environment, expected)
    })
}

fn compile_here(
    expression: &str,
    environment: &Environment,
    expected: Expected,
) -> Result<Program, CompileError> {
    let source = Source::new(expression);
    let issues = |errors: Errors| CompileError::Issues(errors.display(&source));
    let mut expr = syntax::parse(&source).map_err(issues)?;
    let (checked, mut errors) = checker::check(&mut expr, environment);
    if errors.is_empty() {
        validators::validate(&expr, &checked, &mut errors);
    }
    if !errors.is_empty() {
        return Err(issues(errors));
    }
    let output = checked.types.get(&expr.id).cloned().unwrap_or(Type::Dyn);
    if expected == Expected::Bool && output != Type::Bool {
        return Err(CompileError::WrongType(environment.not_bool(&output)));
    }
    instantiate(&expr, &checked).map_err(CompileError::Program)?;
    let deep = expr.depth() > DEEP;
    Ok(Program {
        expr,
        checked,
        environment: *environment,
        output,
        deep,
    })
}

/// Does what cel-go does when it makes a program: literal patterns are compiled, conversions of constants are done.
fn instantiate(expr: &Expr, checked: &Checked) -> Result<(), String> {
    const CONVERSIONS: [&str; 10] = [
        "bool",
        "bytes",
        "double",
        "duration",
        "dyn",
        "int",
        "string",
        "timestamp",
        "type",
        "uint",
    ];
    let mut result = Ok(());
    expr.children(&mut |child| {
        if result.is_ok() {
            result = instantiate(child, checked);
        }
    });
    result?;
    let Kind::Call {
        function,
        target,
        args,
    } = &expr.kind
    else {
        return Ok(());
    };
    if matches!(function.as_str(), "find" | "findAll" | "matches") {
        let pattern = args.get(usize::from(target.is_none()));
        if let Some(Kind::Literal(Literal::String(pattern))) = pattern.map(|part| &part.kind) {
            return library::regex::compile(pattern).map(|_| ());
        }
    }
    match (function.as_str(), &args[..]) {
        (
            name,
            [
                Expr {
                    kind: Kind::Literal(_),
                    ..
                },
            ],
        ) if target.is_none() && CONVERSIONS.contains(&name) => {
            eval::evaluate(expr, checked, "", &Value::Null, true)
                .map(|_| ())
                .map_err(|error| error.to_string())
        }
        _ => Ok(()),
    }
}

impl Program {
    /// The static type.
    #[must_use]
    pub fn output_type(&self) -> &Type {
        &self.output
    }

    /// Evaluates it about the one variable of its environment: [`Value::object`] of claims or of a user,
    /// or a review's spec as `Value::from` its JSON.
    ///
    /// # Errors
    /// cel-go's words.
    pub fn evaluate(&self, input: &Value) -> Result<Value, EvalError> {
        on_large_stack(self.deep, || {
            eval::evaluate(
                &self.expr,
                &self.checked,
                self.environment.variable(),
                input,
                false,
            )
        })
    }

    /// Whether a part of the expression selects this path, as `claims.email` or `claims.?email`, with anything behind it.
    /// An index such as `claims['email']` does not count: Kubernetes looks for `claims.email_verified` in the same way
    /// (`k8s.io/apiserver/pkg/apis/apiserver/validation`).
    #[must_use]
    pub fn mentions(&self, path: &[&str]) -> bool {
        let mut found = false;
        self.expr.visit(&mut |part| found |= selects(part, path));
        found
    }
}

fn selects(expr: &Expr, path: &[&str]) -> bool {
    let Some((last, before)) = path.split_last() else {
        return false;
    };
    match &expr.kind {
        Kind::Ident(name) => before.is_empty() && name == last,
        Kind::Select { operand, field, .. } => field == last && selects(operand, before),
        Kind::Call { function, args, .. } if function == "_?._" => match &args[..] {
            [
                operand,
                Expr {
                    kind: Kind::Literal(Literal::String(field)),
                    ..
                },
            ] => field == last && selects(operand, before),
            _ => false,
        },
        _ => false,
    }
}
