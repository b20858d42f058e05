//! Measures what docs/performance.md promises, as ratios within one run, and prints a table.
//!
//! `cargo bench [-- [MEASURE...] [--json FILE]]`, where a measure is named by the start of its name:
//! decide, load-yaml, load-json (load: both), memory, start, review, whoami, trace, tokens, node, lint. `RATIOS_SCALE=0.1` makes every input a tenth as large,
//! `RATIOS_ROUNDS=3` goes round three times.

mod meter;
#[path = "../../tests/naive/mod.rs"]
mod naive;
mod nodes;
mod server;
mod tokens;
mod world;
mod yardstick;

use meter::{children_time, contest, thread_time, timed};
use naive::Naive;
use rbac_check::authz::Chain;
use rbac_check::authz::node::{self, Node, NodeGates};
use rbac_check::authz::rbac::{Decision, Rbac};
use rbac_check::lint;
use rbac_check::load::{Format, Loader, Options, load};
use rbac_check::model::{Attributes, Cluster};
use rbac_check::request::compose;
use serde_json::json;
use server::{Objects, Server};
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;
use tokens::Tokens;
use world::Question;

#[global_allocator]
static ALLOCATOR: meter::Counting = meter::Counting;

const SEED: u64 = 20_260_731;
const MEASURES: [&str; 11] = [
    "decide",
    "load-yaml",
    "load-json",
    "memory",
    "start",
    "review",
    "whoami",
    "trace",
    "tokens",
    "node",
    "lint",
];

/// What this run is to do.
struct Plan {
    wanted: Vec<String>,
    rounds: usize,
    scale: f64,
    folder: PathBuf,
    rows: Vec<Row>,
}

/// A line of the table.
struct Row {
    measure: String,
    ours: String,
    yardstick: String,
    /// What the target speaks of: a ratio, a time, a count.
    figure: f64,
    unit: &'static str,
    target: f64,
    /// Whether the target is the least (else the most) that the figure may be.
    at_least: bool,
}

fn main() {
    let mut args = std::env::args().skip(1);
    let mut plan = Plan {
        wanted: Vec::new(),
        rounds: variable("RATIOS_ROUNDS", 7.0) as usize,
        scale: variable("RATIOS_SCALE", 1.0),
        folder: std::env::temp_dir().join(format!("rbac-check-ratios-{}", std::process::id())),
        rows: Vec::new(),
    };
    let mut report = None;
    while let Some(arg) = args.next() {
        match arg.as_str() {
            // What cargo itself says.
            "--bench" => {}
            "--child-time" => return child_time(args.collect()),
            "--child-load" => return child_load(&args.next().expect("a file")),
            "--json" => report = Some(args.next().expect("--json FILE")),
            name if MEASURES.iter().any(|m| m.starts_with(name)) => plan.wanted.push(arg),
            other => {
                eprintln!("ratios: no measure {other:?}; expected one of {MEASURES:?}");
                std::process::exit(2);
            }
        }
    }
    std::fs::create_dir_all(&plan.folder).expect("a temporary folder");
    for (name, measure) in MEASURES.into_iter().zip([
        decide as fn(&mut Plan),
        load_yaml,
        load_json,
        memory,
        start,
        review,
        whoami,
        trace,
        tokens,
        nodes_ask,
        lint,
    ]) {
        if plan.wanted.is_empty() || plan.wanted.iter().any(|w| name.starts_with(w.as_str())) {
            measure(&mut plan);
        }
    }
    std::fs::remove_dir_all(&plan.folder).expect("the temporary folder");
    plan.print();
    if let Some(file) = report {
        std::fs::write(file, plan.json()).expect("the report is written");
    }
}

fn variable(name: &str, default: f64) -> f64 {
    let given = std::env::var(name).ok().and_then(|v| v.parse().ok());
    given.unwrap_or(default)
}

impl Plan {
    fn scaled(&self, size: usize) -> usize {
        ((size as f64 * self.scale) as usize).max(1)
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.join(name);
        std::fs::write(&path, text).expect("a temporary file");
        path
    }

    /// A row whose figure is how many times the yardstick's time ours is contained in.
    fn faster(&mut self, measure: &str, ours: Duration, yardstick: Duration, target: f64) {
        self.rows.push(Row {
            measure: measure.to_owned(),
            ours: show(ours),
            yardstick: show(yardstick),
            figure: yardstick.as_secs_f64() / ours.as_secs_f64(),
            unit: "x",
            target,
            at_least: true,
        });
    }

    fn most(
        &mut self,
        measure: &str,
        ours: String,
        yardstick: String,
        figure: f64,
        unit: &'static str,
        target: f64,
    ) {
        self.rows.push(Row {
            measure: measure.to_owned(),
            ours,
            yardstick,
            figure,
            unit,
            target,
            at_least: false,
        });
    }

    fn print(&self) {
        println!(
            "{:<44} {:>12} {:>12} {:>10} {:>10}",
            "MEASURE", "OURS", "YARDSTICK", "FIGURE", "TARGET"
        );
        for row in &self.rows {
            let figure = format!("{:.2}{}", row.figure, row.unit);
            let sign = if row.at_least { ">=" } else { "<=" };
            let target = format!("{sign} {}{}", row.target, row.unit);
            println!(
                "{:<44} {:>12} {:>12} {:>10} {:>10}{}",
                row.measure,
                row.ours,
                row.yardstick,
                figure,
                target,
                if row.met() { "" } else { "  missed" }
            );
        }
    }

    fn json(&self) -> String {
        let rows: Vec<_> = self
            .rows
            .iter()
            .map(|row| {
                json!({
                    "measure": row.measure,
                    "ours": row.ours,
                    "yardstick": row.yardstick,
                    "figure": row.figure,
                    "unit": row.unit,
                    "target": row.target,
                    "atLeast": row.at_least,
                    "met": row.met(),
                })
            })
            .collect();
        let report = json!({"rounds": self.rounds, "scale": self.scale, "rows": rows});
        format!("{report:#}\n")
    }
}

impl Row {
    fn met(&self) -> bool {
        if self.at_least {
            self.figure >= self.target
        } else {
            self.figure <= self.target
        }
    }
}

fn show(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    match seconds {
        _ if seconds < 1e-6 => format!("{:.0} ns", seconds * 1e9),
        _ if seconds < 1e-3 => format!("{:.2} us", seconds * 1e6),
        _ if seconds < 1.0 => format!("{:.2} ms", seconds * 1e3),
        _ => format!("{seconds:.2} s"),
    }
}

fn per(time: Duration, count: usize) -> Duration {
    Duration::from_secs_f64(time.as_secs_f64() / count as f64)
}

fn cluster(text: &str, format: Format, defaults: bool) -> Cluster {
    let options = Options {
        defaults,
        ..Options::default()
    };
    let mut loader = Loader::new(options);
    loader.add_text("dump", text, format).expect("a good dump");
    loader.finish()
}

fn attributes(question: &Question) -> Attributes<'_> {
    Attributes {
        user: &question.user,
        groups: &question.groups,
        request: question.request(),
        ..Attributes::default()
    }
}

/// One decision with its reason, against the server's own way and against the naive scan, which has its
/// lists ready.
fn decide(plan: &mut Plan) {
    let mut times = Vec::new();
    for (n, target) in [(10_000, 60.0), (100_000, 2000.0)] {
        let scaled = plan.scaled(n);
        let cluster = cluster(&world::json_list(scaled as u64, SEED), Format::Json, true);
        let questions = world::questions(&cluster, 1000, SEED);
        let chain = Chain::new(&cluster);
        let rbac = chain.rbac().expect("RBAC is in the chain");
        let naive = Naive::new(&cluster);
        let objects = Objects::new(&cluster);
        let server = Server::new(&objects);
        let mut reason = String::with_capacity(1 << 16);
        let mut ask = || {
            let start = thread_time();
            for question in &questions {
                let attributes = attributes(question);
                let decision = rbac.decide(&attributes);
                reason.clear();
                rbac.write_reason(&attributes, &decision, &mut reason);
                black_box(&reason);
            }
            thread_time() - start
        };
        let cold = ask();

        let (mut allowed, mut missing, mut allocations) = (0, 0, 0);
        let mut written = String::with_capacity(1 << 16);
        for question in &questions {
            let attributes = attributes(question);
            let decision = rbac.decide(&attributes);
            let reason = rbac.reason(&attributes, &decision);
            assert_eq!(
                (decision, reason),
                naive.decide(&attributes),
                "{question:?}"
            );
            let yes = decision != Decision::NoOpinion;
            assert_eq!(yes, server.decide(&attributes).0, "{question:?}");
            allowed += usize::from(yes);
            let before = meter::allocations();
            written.clear();
            rbac.write_reason(&attributes, &rbac.decide(&attributes), &mut written);
            written.clear();
            chain.write_reason(&attributes, &chain.decide(&attributes), &mut written);
            // A reason that lists roles that do not exist has to gather them first.
            if written.contains(" not found") {
                missing += 1;
            } else {
                allocations += meter::allocations() - before;
            }
        }
        println!(
            "decide, n = {scaled}: {} questions, {allowed} allowed, {missing} with missing roles; first time asked: {} each",
            questions.len(),
            show(per(cold, questions.len()))
        );
        // The scans of the others leave nothing of ours in the cache; warm is what is measured, so the first pass of a
        // round does not count.
        const PASSES: usize = 100;
        let [ours, listing, scan] = contest(
            plan.rounds,
            [
                &mut || {
                    ask();
                    per((0..PASSES).map(|_| ask()).sum(), PASSES * questions.len())
                },
                &mut || {
                    let answers = || {
                        for question in &questions {
                            black_box(server.decide(&attributes(question)));
                        }
                    };
                    per(timed(answers), questions.len())
                },
                &mut || {
                    let answers = || {
                        for question in &questions {
                            black_box(naive.decide(&attributes(question)));
                        }
                    };
                    per(timed(answers), questions.len())
                },
            ],
        );
        let mut both = [
            String::with_capacity(1 << 16),
            String::with_capacity(1 << 16),
        ];
        let [alone_reason, chain_reason] = &mut both;
        let [alone, chained] = contest(
            plan.rounds,
            [
                &mut || {
                    let answers = || {
                        for question in (0..PASSES).flat_map(|_| &questions) {
                            let attributes = attributes(question);
                            let decision = rbac.decide(&attributes);
                            alone_reason.clear();
                            rbac.write_reason(&attributes, &decision, alone_reason);
                            black_box(&alone_reason);
                        }
                    };
                    per(timed(answers), PASSES * questions.len())
                },
                &mut || {
                    let answers = || {
                        for question in (0..PASSES).flat_map(|_| &questions) {
                            let attributes = attributes(question);
                            let verdict = chain.decide(&attributes);
                            chain_reason.clear();
                            chain.write_reason(&attributes, &verdict, chain_reason);
                            black_box(&chain_reason);
                        }
                    };
                    per(timed(answers), PASSES * questions.len())
                },
            ],
        );
        plan.most(
            &format!("decide n={scaled}: Node and RBAC, against RBAC alone"),
            show(chained),
            show(alone),
            chained.as_secs_f64() / alone.as_secs_f64(),
            "x",
            1.2,
        );
        times.push(ours);
        let name = |yardstick| format!("decide n={scaled}, against {yardstick}");
        plan.faster(&name("the server's way"), ours, listing, target);
        plan.faster(&name("ready lists"), ours, scan, target);
        plan.most(
            &format!("decide n={scaled}: allocations"),
            allocations.to_string(),
            format!("{} asked", questions.len() - missing),
            allocations as f64,
            "",
            0.0,
        );
    }
    let growth = times[1].as_secs_f64() / times[0].as_secs_f64();
    let (a, b) = (show(times[1]), show(times[0]));
    plan.most("decide: growth of the two", a, b, growth, "x", 1.5);
}

/// What a kubelet asks, against what others ask of RBAC, each with its reason; and the building of the relations.
fn nodes_ask(plan: &mut Plan) {
    let (nodes, pods) = (plan.scaled(5_000) as u64, 100);
    let mut loader = Loader::new(Options::default());
    let bindings = world::json_list(plan.scaled(10_000) as u64, SEED);
    let loaded = loader.add_text("dump", &bindings, Format::Json);
    loaded.expect("a good dump");
    nodes::add(&mut loader, nodes, pods, SEED);
    let cluster = loader.finish();
    let chain = Chain::new(&cluster);
    let rbac = chain.rbac().expect("RBAC is in the chain");
    let others = world::questions(&cluster, 1000, SEED);
    let asked = nodes::questions(nodes, pods, 1000, SEED);
    let authorizer = Node::new(&cluster, NodeGates::default());
    let mut reason = String::with_capacity(1 << 16);
    let mut ask = || {
        let mut allowed = 0;
        for question in &asked {
            let attributes = question.attributes();
            reason.clear();
            match authorizer.decide(&attributes) {
                node::Decision::Allow => allowed += 1,
                node::Decision::NoOpinion(why) => why.write(&attributes, &mut reason),
            }
            black_box(&reason);
        }
        allowed
    };
    let mut allowed = 0;
    let first = timed(|| allowed = ask());
    assert!(
        allowed > asked.len() / 3 && allowed < asked.len(),
        "{allowed}"
    );
    let before = meter::allocations();
    ask();
    let allocations = meter::allocations() - before;
    println!(
        "node: {nodes} nodes of {pods} Pods, {} questions, {allowed} allowed; relations built in {}",
        asked.len(),
        show(first)
    );
    const PASSES: usize = 10;
    let mut words = String::with_capacity(1 << 16);
    let [ours, theirs] = contest(
        plan.rounds,
        [
            &mut || {
                let answers = || {
                    (0..PASSES).for_each(|_| {
                        black_box(ask());
                    })
                };
                per(timed(answers), PASSES * asked.len())
            },
            &mut || {
                let answers = || {
                    for question in (0..PASSES).flat_map(|_| &others) {
                        let attributes = attributes(question);
                        let decision = rbac.decide(&attributes);
                        words.clear();
                        rbac.write_reason(&attributes, &decision, &mut words);
                        black_box(&words);
                    }
                };
                per(timed(answers), PASSES * others.len())
            },
        ],
    );
    let ratio = ours.as_secs_f64() / theirs.as_secs_f64();
    let name = format!("node, {nodes} nodes of {pods} Pods: a decision, against RBAC");
    plan.most(&name, show(ours), show(theirs), ratio, "x", 3.0);
    let asked = format!("{} asked", asked.len());
    let name = "node: allocations";
    plan.most(
        name,
        allocations.to_string(),
        asked,
        allocations as f64,
        "",
        0.0,
    );
}

fn counts(cluster: &Cluster) -> [usize; 3] {
    let rules = cluster.roles().iter().map(|r| r.rules.len()).sum();
    let subjects = cluster.bindings().iter().map(|b| b.subjects.len()).sum();
    [cluster.loaded_kinds().values().sum(), rules, subjects]
}

fn yardstick_counts(objects: &[yardstick::Object]) -> [usize; 3] {
    let rules = objects.iter().map(|o| o.rules.len()).sum();
    let subjects = objects.iter().map(|o| o.subjects.len()).sum();
    [objects.len(), rules, subjects]
}

type Dump = fn(u64, u64) -> String;
type Parse = fn(&str) -> Vec<yardstick::Object>;

fn load_yaml(plan: &mut Plan) {
    let dumps: [(&str, Dump, Parse); 2] = [
        (
            "load YAML documents",
            world::yaml_documents,
            yardstick::yaml_documents,
        ),
        ("load YAML list", world::yaml_list, yardstick::yaml_list),
    ];
    for (name, dump, parse) in dumps {
        load_dump(plan, name, 50, dump, Format::Guess, parse, 1.2);
    }
}

/// In this process, whose heap is warm but is what the other contender left of it, and each time in a
/// process of its own, as the program runs.
fn load_json(plan: &mut Plan) {
    let name = "load JSON list";
    let (dump, parse) = (world::json_list, yardstick::json_list);
    let text = load_dump(plan, name, 100, dump, Format::Json, parse, 1.3);
    let file = plan.file("dump.json", &text);
    drop(text);
    let child = |contender: &str| {
        let output = Command::new(std::env::current_exe().expect("this program"))
            .arg("--child-time")
            .arg(contender)
            .arg(&file)
            .output()
            .expect("a child");
        assert!(output.status.success(), "{output:?}");
        let text = String::from_utf8_lossy(&output.stdout);
        Duration::from_nanos(text.trim().parse().expect("a number"))
    };
    let contenders: [&mut dyn FnMut() -> Duration; 2] =
        [&mut || child("ours"), &mut || child("theirs")];
    let [ours, theirs] = contest(plan.rounds, contenders);
    let measure = format!("{name}, in processes of their own");
    plan.faster(&measure, ours, theirs, 1.3);
}

/// Loads a file in a new process; prints how long it took once the file had been read.
fn child_time(args: Vec<String>) {
    let [contender, file] = &args[..] else {
        panic!("expected a contender and a file, found {args:?}");
    };
    let text = std::fs::read_to_string(file).expect("a dump");
    let time = match contender.as_str() {
        "ours" => load_time(&text, Format::Json),
        _ => timed(|| yardstick::json_list(&text)),
    };
    println!("{}", time.as_nanos());
}

/// A text to a ready index.
fn load_time(text: &str, format: Format) -> Duration {
    let start = thread_time();
    let cluster = cluster(text, format, true);
    let rbac = Rbac::new(&cluster);
    let time = thread_time() - start;
    black_box(&rbac);
    time
}

/// A dump to a ready index, against derived structs; the dump.
fn load_dump(
    plan: &mut Plan,
    name: &str,
    megabytes: usize,
    dump: Dump,
    format: Format,
    parse: Parse,
    target: f64,
) -> String {
    let n = world::bindings_for(plan.scaled(megabytes * 1_000_000), |n| dump(n, SEED));
    let text = dump(n, SEED);
    assert_eq!(
        counts(&cluster(&text, format, false)),
        yardstick_counts(&parse(&text)),
        "{name}"
    );
    let [ours, theirs] = contest(
        plan.rounds,
        [&mut || load_time(&text, format), &mut || {
            timed(|| parse(&text))
        }],
    );
    let size = text.len() as f64 / 1e6;
    println!(
        "{name}: {size:.1} MB, {n} bindings; {:.0} against {:.0} MB/s",
        size / ours.as_secs_f64(),
        size / theirs.as_secs_f64()
    );
    plan.faster(&format!("{name}, {size:.0} MB"), ours, theirs, target);
    text
}

/// The most memory that a load needs, in a process of its own.
fn memory(plan: &mut Plan) {
    let dumps: [(&str, usize, Dump); 3] = [
        ("documents.yaml", 50, world::yaml_documents),
        ("list.yaml", 50, world::yaml_list),
        ("list.json", 100, world::json_list),
    ];
    for (name, megabytes, dump) in dumps {
        let n = world::bindings_for(plan.scaled(megabytes * 1_000_000), |n| dump(n, SEED));
        let text = dump(n, SEED);
        let file = plan.file(name, &text);
        let size = text.len() as f64;
        drop(text);
        let output = Command::new(std::env::current_exe().expect("this program"))
            .arg("--child-load")
            .arg(&file)
            .output()
            .expect("a child");
        assert!(output.status.success(), "{output:?}");
        let peak: f64 = String::from_utf8_lossy(&output.stdout)
            .trim()
            .parse()
            .expect("a number");
        let megabytes = |bytes: f64| format!("{:.0} MB", bytes / 1e6);
        let measure = format!("memory {name}");
        plan.most(
            &measure,
            megabytes(peak),
            megabytes(size),
            peak / size,
            "x",
            4.0,
        );
    }
}

fn child_load(file: &str) {
    let cluster = load(&[file.to_owned()], &Options::default()).expect("a good dump");
    let chain = Chain::new(&cluster);
    black_box(&chain);
    println!("{}", meter::peak_memory());
}

/// CPU time of one run of the program that says yes or no.
fn run(args: &[&str], folder: &Path) -> Duration {
    run_to(args, folder, 1)
}

/// CPU time of one run of the program, with an exit status up to `worst`.
fn run_to(args: &[&str], folder: &Path, worst: i32) -> Duration {
    let before = children_time();
    let status = Command::new(env!("CARGO_BIN_EXE_rbac-check"))
        .args(args)
        .current_dir(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .expect("the program runs");
    assert!(
        status.code().is_some_and(|code| code <= worst),
        "{args:?}: {status}"
    );
    children_time() - before
}

/// A whole process on the embedded defaults.
fn start(plan: &mut Plan) {
    let folder = plan.folder.join("empty");
    std::fs::create_dir_all(&folder).expect("a temporary folder");
    let args = [
        "can-i",
        "list",
        "pods",
        "-n",
        "kube-system",
        "--as",
        "alice",
    ];
    let mut times: Vec<Duration> = (0..200).map(|_| run(&args, &folder)).collect();
    times.sort_unstable();
    let (least, median) = (times[0], times[times.len() / 2]);
    for (name, time) in [("least", least), ("median", median)] {
        plan.most(
            &format!("start can-i, {name} of {}", times.len()),
            show(time),
            "-".to_owned(),
            time.as_secs_f64() * 1e3,
            " ms",
            5.0,
        );
    }
}

/// A stream of reviews through the program, against parsing alone.
fn review(plan: &mut Plan) {
    let count = plan.scaled(200_000);
    let policy = world::json_list(1000, SEED);
    let cluster = cluster(&policy, Format::Json, true);
    let policy = plan.file("policy.json", &policy);
    let mut text = String::new();
    for question in world::questions(&cluster, count, SEED) {
        text.push_str(&question.review().to_string());
        text.push('\n');
    }
    let file = plan.file("reviews.jsonl", &text);
    let [file, policy] = [&file, &policy].map(|path| path.to_str().expect("a plain path"));
    let args = ["review", file, "-f", policy];
    let [ours, typed, value] = contest(
        plan.rounds,
        [
            &mut || run(&args, &plan.folder),
            &mut || {
                let parse =
                    |line| serde_json::from_str::<yardstick::Review>(line).expect("a review");
                timed(|| text.lines().for_each(|line| drop(black_box(parse(line)))))
            },
            &mut || {
                let parse = |line| serde_json::from_str::<serde_json::Value>(line).expect("JSON");
                timed(|| text.lines().for_each(|line| drop(black_box(parse(line)))))
            },
        ],
    );
    println!(
        "review: {count} reviews, {:.1} MB; {:.2} us each",
        text.len() as f64 / 1e6,
        ours.as_secs_f64() * 1e6 / count as f64
    );
    for (name, theirs) in [("typed", typed), ("Value", value)] {
        let figure = ours.as_secs_f64() / theirs.as_secs_f64();
        let measure = format!("review {count}, against parsing to {name}");
        plan.most(&measure, show(ours), show(theirs), figure, "x", 2.0);
    }
}

/// Tokens through `whoami --batch`: how much of it is the verification of signatures; and one token.
/// All rules over a policy, against loading it, and against themselves over a tenth of it.
fn lint(plan: &mut Plan) {
    let settings = lint::Settings::new(jiff::Timestamp::UNIX_EPOCH);
    let (mut each, mut counted) = (Vec::new(), Vec::new());
    for size in [10_000, 100_000] {
        let n = plan.scaled(size) as u64;
        for (form, text) in [
            ("YAML", world::yaml_documents(n, SEED)),
            ("JSON", world::json_list(n, SEED)),
        ] {
            let read = || {
                let mut loader = Loader::new(Options::default());
                loader
                    .add_text("dump", &text, Format::Guess)
                    .expect("a good dump");
                loader.finish()
            };
            let cluster = read();
            let rbac = Rbac::new(&cluster);
            let [ours, loading] = contest(
                plan.rounds.min(5),
                [
                    &mut || timed(|| lint::lint(&lint::Lint::new(&cluster, &rbac, &settings))),
                    // To a ready index, as in the other rows about loading.
                    &mut || {
                        timed(|| {
                            let cluster = read();
                            black_box(&Rbac::new(&cluster));
                            cluster
                        })
                    },
                ],
            );
            let before = meter::allocations();
            let found = lint::lint(&lint::Lint::new(&cluster, &rbac, &settings))
                .findings
                .len();
            let allocations = meter::allocations() - before;
            println!("lint: {n} bindings from {form}: {found} findings");
            plan.faster(
                &format!("lint, n = {n}, against loading {form}"),
                ours,
                loading,
                1.0,
            );
            if form == "JSON" {
                let file = plan.file("dump.json", &text);
                let file = file.to_str().expect("a plain path");
                let whole = ["lint", "-f", file];
                let [whole] = contest(
                    plan.rounds.min(3),
                    [&mut || run_to(&whole, &plan.folder, 1)],
                );
                println!("lint: {n} bindings, the whole process: {}", show(whole));
                each.push([ours, whole].map(|time| time.as_secs_f64() / n as f64));
                counted.push([allocations as f64, found as f64]);
            }
        }
    }
    let [small, large] = [each[0], each[1]];
    let growth = |what: usize| large[what] / small[what];
    for (what, measure) in [
        (0, "lint, growth a binding from the one to the other"),
        (
            1,
            "lint, the same of the whole process, which loads and reports",
        ),
    ] {
        plan.most(
            measure,
            format!("{:.0} ns", large[what] * 1e9),
            format!("{:.0} ns", small[what] * 1e9),
            growth(what),
            "x",
            1.5,
        );
    }
    // What does not depend on the caches of the machine.
    let per_finding = |what: &[f64; 2]| what[0] / what[1];
    let [small, large] = [per_finding(&counted[0]), per_finding(&counted[1])];
    plan.most(
        "lint, growth of the allocations a finding",
        format!("{large:.2}"),
        format!("{small:.2}"),
        large / small,
        "x",
        1.1,
    );
}

fn whoami(plan: &mut Plan) {
    let count = plan.scaled(20_000);
    let made = Tokens::new(count.min(500), SEED);
    let all: Vec<&str> = made.tokens.iter().map(String::as_str).collect();
    let all: Vec<&str> = all.into_iter().cycle().take(count).collect();
    let mut lines = String::new();
    for (id, token) in all.iter().enumerate() {
        let line = json!({"id": id.to_string(), "credential": {"token": token}});
        lines.push_str(&format!("{line}\n"));
    }
    let file = plan.file("tokens.jsonl", &lines);
    let policy = plan.file("account.json", &Tokens::objects());
    let flags = plan.file("server.flags", &Tokens::flags());
    plan.file("sa.pub", &made.key_file());
    let [file, policy, flags] =
        [&file, &policy, &flags].map(|path| path.to_str().expect("a plain path"));
    let server = ["-f", policy, "--apiserver", flags, "--now", tokens::NOW];
    let batch = [&["whoami", "--batch", file], &server[..]].concat();
    let one = [&["whoami", "--token", all[0]], &server[..]].concat();
    let [ours, verify] = contest(
        plan.rounds.min(3),
        [&mut || run(&batch, &plan.folder), &mut || {
            timed(|| made.verify(&all))
        }],
    );
    println!(
        "whoami: {count} tokens; {:.0} us each",
        ours.as_secs_f64() * 1e6 / count as f64
    );
    plan.rows.push(Row {
        measure: format!("whoami --batch {count}: signatures' share"),
        ours: show(ours),
        yardstick: show(verify),
        figure: 100.0 * verify.as_secs_f64() / ours.as_secs_f64(),
        unit: "%",
        target: 60.0,
        at_least: true,
    });
    let mut times: Vec<Duration> = (0..200).map(|_| run_to(&one, &plan.folder, 0)).collect();
    times.sort_unstable();
    let median = times[times.len() / 2];
    plan.most(
        "whoami, one token, median of 200",
        show(median),
        "-".to_owned(),
        median.as_secs_f64() * 1e3,
        " ms",
        6.0,
    );
}

/// Whole requests through `trace --batch`, a third of them with impersonation, against a bare decision with its
/// reason for each.
fn trace(plan: &mut Plan) {
    let bindings = plan.scaled(10_000);
    let count = plan.scaled(200_000);
    let policy = world::json_list(bindings as u64, SEED);
    let cluster = cluster(&policy, Format::Json, true);
    let policy = plan.file("requests-policy.json", &policy);
    let questions = world::questions(&cluster, count, SEED);
    let mut lines = String::new();
    let mut made = 0;
    for (id, question) in questions.iter().enumerate() {
        let Some((method, path)) = compose::request(&question.request(), "v1") else {
            continue;
        };
        made += 1;
        let user = json!({"username": question.user, "groups": question.groups});
        let mut line = json!({"id": id, "user": user, "method": method, "path": path});
        if id % 3 == 0 {
            let other = &questions[(id * 7 + 1) % questions.len()];
            line["headers"] = json!([["Impersonate-User", other.user]]);
        }
        lines.push_str(&format!("{line}\n"));
    }
    let file = plan.file("requests.jsonl", &lines);
    let [file, policy] = [&file, &policy].map(|path| path.to_str().expect("a plain path"));
    let batch = ["trace", "--batch", file, "-f", policy];
    let chain = Chain::new(&cluster);
    let mut reason = String::with_capacity(1 << 16);
    let [ours, bare] = contest(
        plan.rounds.min(3),
        [&mut || run(&batch, &plan.folder), &mut || {
            timed(|| {
                for question in &questions {
                    let attributes = attributes(question);
                    let verdict = chain.decide(&attributes);
                    reason.clear();
                    chain.write_reason(&attributes, &verdict, &mut reason);
                    black_box(&reason);
                }
            })
        }],
    );
    let (each, decision) = (per(ours, made), per(bare, questions.len()));
    println!(
        "trace: {made} requests, {:.1} MB, {bindings} bindings; {:.0} requests a second",
        lines.len() as f64 / 1e6,
        made as f64 / ours.as_secs_f64()
    );
    plan.most(
        "trace --batch, a request, loading included",
        show(each),
        "-".to_owned(),
        each.as_secs_f64() * 1e6,
        " us",
        10.0,
    );
    let ratio = each.as_secs_f64() / decision.as_secs_f64();
    let measure = "trace --batch, a request against a decision";
    plan.most(measure, show(each), show(decision), ratio, "x", 15.0);
}

/// Tokens of an issuer through `whoami --batch`, against as many of service accounts. A signature with a key of
/// the same size is verified for each.
fn tokens(plan: &mut Plan) {
    let count = plan.scaled(20_000);
    let recorded = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/conformance");
    let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<String>>();
    let command = |name: &str, suite: &str, id: &str, flags: &str| {
        let suite = recorded.join(suite);
        let lines = std::fs::read_to_string(suite.join("authn.jsonl")).expect("recorded lines");
        let mut lines = lines
            .lines()
            .map(|line| serde_json::from_str::<serde_json::Value>(line).expect("a recorded line"));
        let line = lines.find(|line| line["id"] == id).expect("the line");
        let question = json!({"id": "x", "now": line["now"], "credential": line["credential"]});
        let file = plan.file(name, &format!("{question}\n").repeat(count));
        let mut args = words("whoami --batch");
        args.push(file.to_str().expect("a plain path").to_owned());
        args.extend(words(
            &flags.replace('@', suite.to_str().expect("a plain path")),
        ));
        args
    };
    let issuer = command(
        "issuer.jsonl",
        "authn-oidc/flags",
        "minimal/plain",
        "--root @ --apiserver @/input/minimal/kube-apiserver.yaml --fetched @/input/fetch.json -f @/input/minimal",
    );
    let about = std::fs::read_to_string(recorded.join("authn-local/chain/suite.json"));
    let about: serde_json::Value =
        serde_json::from_str(&about.expect("a suite")).expect("what it is about");
    let flags = about["servers"]["all"]["flags"].as_array().expect("flags");
    let flags: Vec<&str> = flags.iter().filter_map(|flag| flag.as_str()).collect();
    std::fs::write(plan.folder.join("account.flags"), flags.join("\n")).expect("a file");
    let server = plan.folder.join("account.flags");
    let account = command(
        "account.jsonl",
        "authn-local/chain",
        "all/token/sa",
        &format!(
            "--root @ --apiserver {} -f @/input/objects/objects.yaml",
            server.to_str().expect("a plain path")
        ),
    );
    let run_all = |args: &[String]| {
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        run(&args, &recorded)
    };
    let rounds = plan.rounds.min(3);
    let [ours, theirs] = contest(
        rounds,
        [&mut || run_all(&issuer), &mut || run_all(&account)],
    );
    let figure = ours.as_secs_f64() / theirs.as_secs_f64();
    let measure = format!("tokens {count}, of an issuer against ServiceAccounts");
    plan.most(&measure, show(ours), show(theirs), figure, "x", 1.5);
}
