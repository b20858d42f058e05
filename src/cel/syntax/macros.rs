//! The macros of the server's environment, expanded while parsing.

use super::parser::Parser;
use crate::cel::ast::{ACCUMULATOR, Expr, Fold, Kind, Literal};
use crate::cel::source::Offset;

/// A name that nobody can write, for loops that bind one variable.
const UNUSED: &str = "#unused";
/// `optMap` doubles what it is called on, so a chain of them grows without end; the real server would not return.
const MAX_DOUBLED: usize = 100_000;
const SORT_INPUT: &str = "@__sortBy_input__";

/// Makes parts of the expansion; all stand where the call stands.
struct Maker<'a, 'b> {
    parser: &'a mut Parser<'b>,
    at: Offset,
}

impl Maker<'_, '_> {
    fn node(&mut self, kind: Kind) -> Expr {
        self.parser.node(self.at, kind)
    }

    fn literal(&mut self, literal: Literal) -> Expr {
        self.node(Kind::Literal(literal))
    }

    fn ident(&mut self, name: &str) -> Expr {
        self.node(Kind::Ident(name.to_owned()))
    }

    fn accumulator(&mut self) -> Expr {
        self.ident(ACCUMULATOR)
    }

    fn call(&mut self, function: &str, args: Vec<Expr>) -> Expr {
        self.node(Kind::Call {
            function: function.to_owned(),
            target: None,
            args,
        })
    }

    fn member(&mut self, function: &str, target: Expr, args: Vec<Expr>) -> Expr {
        let target = Some(Box::new(target));
        self.node(Kind::Call {
            function: function.to_owned(),
            target,
            args,
        })
    }

    fn list(&mut self, elements: Vec<Expr>) -> Expr {
        self.node(Kind::List(
            elements.into_iter().map(|e| (e, false)).collect(),
        ))
    }
}

/// Expands a call if it is one of a macro.
pub(super) fn expand(
    parser: &mut Parser<'_>,
    at: Offset,
    function: &str,
    target: Option<&Expr>,
    args: &[Expr],
) -> Option<Expr> {
    let mut maker = Maker { parser, at };
    let expanded = match (function, target, args) {
        ("has", None, [arg]) => has(&mut maker, arg),
        ("all" | "exists" | "exists_one" | "existsOne", Some(target), [var, test]) => {
            one_variable(var, "argument must be a simple name")
                .map(|var| quantifier(&mut maker, function, target, (var, None), test))
        }
        ("all" | "exists" | "exists_one" | "existsOne", Some(target), [first, second, test]) => {
            two_variables(first, second).map(|(first, second)| {
                quantifier(&mut maker, function, target, (first, Some(second)), test)
            })
        }
        ("map", Some(target), [var, .., step]) if matches!(args.len(), 2 | 3) => {
            let filter = (args.len() == 3).then(|| &args[1]);
            one_variable(var, "argument is not an identifier")
                .map(|var| collect(&mut maker, target, (var, None), filter, step))
        }
        ("filter", Some(target), [var, test]) => one_variable(var, "argument is not an identifier")
            .map(|name| collect(&mut maker, target, (name, None), Some(test), var)),
        ("transformList", Some(target), [first, second, .., step])
            if matches!(args.len(), 3 | 4) =>
        {
            let filter = (args.len() == 4).then(|| &args[2]);
            two_variables(first, second).map(|(first, second)| {
                collect(&mut maker, target, (first, Some(second)), filter, step)
            })
        }
        ("transformMap" | "transformMapEntry", Some(target), [first, second, .., step])
            if matches!(args.len(), 3 | 4) =>
        {
            let filter = (args.len() == 4).then(|| &args[2]);
            let keyed = function == "transformMap";
            two_variables(first, second)
                .map(|vars| transform_map(&mut maker, target, vars, filter, step, keyed))
        }
        ("optMap" | "optFlatMap", Some(target), [var, step]) => {
            opt_map(&mut maker, function, target, var, step)
        }
        ("sortBy", Some(target), [var, key]) => sort_by(&mut maker, target, var, key),
        _ => return None,
    };
    Some(match expanded {
        Ok(expr) => expr,
        Err((at, message)) => maker.parser.complain(at, message),
    })
}

type Expanded<T> = Result<T, (Offset, String)>;

fn has(maker: &mut Maker, arg: &Expr) -> Expanded<Expr> {
    match &arg.kind {
        Kind::Select { operand, field, .. } => Ok(maker.node(Kind::Select {
            operand: operand.clone(),
            field: field.clone(),
            test_only: true,
        })),
        _ => Err((arg.at, "invalid argument to has() macro".to_owned())),
    }
}

fn name_of<'a>(arg: &'a Expr, otherwise: &str) -> Expanded<&'a str> {
    match &arg.kind {
        Kind::Ident(name) => Ok(name),
        _ => Err((arg.at, otherwise.to_owned())),
    }
}

fn no_accumulator(arg: &Expr, name: &str) -> Expanded<()> {
    if name == ACCUMULATOR || name == "__result__" {
        return Err((
            arg.at,
            "iteration variable overwrites accumulator variable".to_owned(),
        ));
    }
    Ok(())
}

fn one_variable<'a>(arg: &'a Expr, otherwise: &str) -> Expanded<&'a str> {
    let name = name_of(arg, otherwise)?;
    no_accumulator(arg, name)?;
    Ok(name)
}

fn two_variables<'a>(first: &'a Expr, second: &'a Expr) -> Expanded<(&'a str, &'a str)> {
    let one = name_of(first, "argument must be a simple name")?;
    let two = name_of(second, "argument must be a simple name")?;
    if one == two {
        return Err((second.at, format!("duplicate variable name: {one}")));
    }
    no_accumulator(first, one)?;
    no_accumulator(second, two)?;
    Ok((one, two))
}

fn fold(
    maker: &mut Maker,
    range: &Expr,
    (var, second): (&str, Option<&str>),
    [init, condition, step, result]: [Expr; 4],
) -> Expr {
    maker.node(Kind::Fold(Box::new(Fold {
        range: range.clone(),
        var: var.to_owned(),
        second: second.map(str::to_owned),
        accumulator: ACCUMULATOR.to_owned(),
        init,
        condition,
        step,
        result,
    })))
}

fn quantifier(
    maker: &mut Maker,
    function: &str,
    target: &Expr,
    vars: (&str, Option<&str>),
    test: &Expr,
) -> Expr {
    let test = test.clone();
    let parts = match function {
        "all" => {
            let init = maker.literal(Literal::Bool(true));
            let accumulator = maker.accumulator();
            let condition = maker.call("@not_strictly_false", vec![accumulator]);
            let accumulator = maker.accumulator();
            let step = maker.call("_&&_", vec![accumulator, test]);
            [init, condition, step, maker.accumulator()]
        }
        "exists" => {
            let init = maker.literal(Literal::Bool(false));
            let accumulator = maker.accumulator();
            let not = maker.call("!_", vec![accumulator]);
            let condition = maker.call("@not_strictly_false", vec![not]);
            let accumulator = maker.accumulator();
            let step = maker.call("_||_", vec![accumulator, test]);
            [init, condition, step, maker.accumulator()]
        }
        _ => {
            let init = maker.literal(Literal::Int(0));
            let condition = maker.literal(Literal::Bool(true));
            let accumulator = maker.accumulator();
            let one = maker.literal(Literal::Int(1));
            let more = maker.call("_+_", vec![accumulator, one]);
            let same = maker.accumulator();
            let step = maker.call("_?_:_", vec![test, more, same]);
            let accumulator = maker.accumulator();
            let one = maker.literal(Literal::Int(1));
            [
                init,
                condition,
                step,
                maker.call("_==_", vec![accumulator, one]),
            ]
        }
    };
    fold(maker, target, vars, parts)
}

fn collect(
    maker: &mut Maker,
    target: &Expr,
    vars: (&str, Option<&str>),
    filter: Option<&Expr>,
    step: &Expr,
) -> Expr {
    let init = maker.list(Vec::new());
    let condition = maker.literal(Literal::Bool(true));
    let accumulator = maker.accumulator();
    let list = maker.list(vec![step.clone()]);
    let mut step = maker.call("_+_", vec![accumulator, list]);
    if let Some(filter) = filter {
        let same = maker.accumulator();
        step = maker.call("_?_:_", vec![filter.clone(), step, same]);
    }
    let result = maker.accumulator();
    fold(maker, target, vars, [init, condition, step, result])
}

fn transform_map(
    maker: &mut Maker,
    target: &Expr,
    vars: (&str, &str),
    filter: Option<&Expr>,
    step: &Expr,
    keyed: bool,
) -> Expr {
    let init = maker.node(Kind::Map(Vec::new()));
    let condition = maker.literal(Literal::Bool(true));
    let mut args = vec![maker.accumulator()];
    if keyed {
        args.push(maker.ident(vars.0));
    }
    args.push(step.clone());
    let mut step = maker.call("cel.@mapInsert", args);
    if let Some(filter) = filter {
        let same = maker.accumulator();
        step = maker.call("_?_:_", vec![filter.clone(), step, same]);
    }
    let result = maker.accumulator();
    fold(
        maker,
        target,
        (vars.0, Some(vars.1)),
        [init, condition, step, result],
    )
}

/// A loop over nothing, which only gives a name to a value.
fn bind(maker: &mut Maker, name: &str, value: Expr, step: Expr, result: Expr) -> Expr {
    let range = maker.list(Vec::new());
    let condition = maker.literal(Literal::Bool(false));
    maker.node(Kind::Fold(Box::new(Fold {
        range,
        var: UNUSED.to_owned(),
        second: None,
        accumulator: name.to_owned(),
        init: value,
        condition,
        step,
        result,
    })))
}

fn opt_map(
    maker: &mut Maker,
    function: &str,
    target: &Expr,
    var: &Expr,
    step: &Expr,
) -> Expanded<Expr> {
    let Kind::Ident(name) = &var.kind else {
        let message = format!("{function}() variable name must be a simple identifier");
        return Err((var.at, message));
    };
    if target.size() > MAX_DOUBLED {
        return Err((var.at, "expression is too complex".to_owned()));
    }
    let present = maker.member("hasValue", target.clone(), Vec::new());
    let value = maker.member("value", target.clone(), Vec::new());
    let same = maker.ident(name);
    let mut then = bind(maker, name, value, same, step.clone());
    if function == "optMap" {
        then = maker.call("optional.of", vec![then]);
    }
    let none = maker.call("optional.none", Vec::new());
    Ok(maker.call("_?_:_", vec![present, then, none]))
}

fn sort_by(maker: &mut Maker, target: &Expr, var: &Expr, key: &Expr) -> Expanded<Expr> {
    let sortable = matches!(
        target.kind,
        Kind::List(_) | Kind::Select { .. } | Kind::Ident(_) | Kind::Fold(_) | Kind::Call { .. }
    );
    if !sortable {
        let message = "sortBy can only be applied to a list, identifier, comprehension, call or select expression";
        return Err((target.at, message.to_owned()));
    }
    let var = one_variable(var, "argument is not an identifier")?;
    let input = maker.ident(SORT_INPUT);
    let keys = collect(maker, &input, (var, None), None, key);
    let list = maker.ident(SORT_INPUT);
    let sorted = maker.member("@sortByAssociatedKeys", list, vec![keys]);
    let same = maker.ident(SORT_INPUT);
    Ok(bind(maker, SORT_INPUT, target.clone(), same, sorted))
}
