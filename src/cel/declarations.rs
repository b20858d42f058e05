//! What the server's expressions may call: the functions of the base environment of Kubernetes 1.36.
//!
//! The libraries are those of `k8s.io/apiserver/pkg/cel/environment/base.go`: cel-go's standard functions, optional
//! values, strings (version 2), sets, lists (version 3), two-variable comprehensions; Kubernetes' URLs, regex, lists,
//! authorizer, quantity, IP, CIDR, format, semver (version 1) and image.

use super::types::Type;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

/// One signature of a function.
#[derive(Debug)]
pub(super) struct Overload {
    pub id: &'static str,
    /// Whether it is called as `x.f()`; `x` is the first argument then.
    pub member: bool,
    pub args: Vec<Type>,
    pub result: Type,
    /// How many type parameters it has, numbered from 0.
    pub params: u32,
}

/// A function with its overloads in order.
#[derive(Debug)]
pub(super) struct Function {
    pub name: &'static str,
    pub overloads: Vec<Overload>,
}

/// One line an overload: name, id, `.` for a member, arguments, result. `A`, `B` are type parameters.
const TABLE: &str = "
_?_:_ conditional (bool,A,A) A
_&&_ logical_and (bool,bool) bool
_||_ logical_or (bool,bool) bool
!_ logical_not (bool) bool
@not_strictly_false not_strictly_false (bool) bool
_==_ equals (A,A) bool
_!=_ not_equals (A,A) bool
_+_ add_bytes (bytes,bytes) bytes
_+_ add_double (double,double) double
_+_ add_duration_duration (duration,duration) duration
_+_ add_duration_timestamp (duration,timestamp) timestamp
_+_ add_timestamp_duration (timestamp,duration) timestamp
_+_ add_int64 (int,int) int
_+_ add_list (list(A),list(A)) list(A)
_+_ add_string (string,string) string
_+_ add_uint64 (uint,uint) uint
_/_ divide_double (double,double) double
_/_ divide_int64 (int,int) int
_/_ divide_uint64 (uint,uint) uint
_%_ modulo_int64 (int,int) int
_%_ modulo_uint64 (uint,uint) uint
_*_ multiply_double (double,double) double
_*_ multiply_int64 (int,int) int
_*_ multiply_uint64 (uint,uint) uint
-_ negate_double (double) double
-_ negate_int64 (int) int
_-_ subtract_double (double,double) double
_-_ subtract_duration_duration (duration,duration) duration
_-_ subtract_int64 (int,int) int
_-_ subtract_timestamp_duration (timestamp,duration) timestamp
_-_ subtract_timestamp_timestamp (timestamp,timestamp) duration
_-_ subtract_uint64 (uint,uint) uint
_[_] index_list (list(A),int) A
_[_] index_map (map(A,B),A) B
_[_] optional_list_index_int (optional(list(A)),int) optional(A)
_[_] optional_map_index_value (optional(map(A,B)),A) optional(B)
_[?_] list_optindex_optional_int (list(A),int) optional(A)
_[?_] optional_list_optindex_optional_int (optional(list(A)),int) optional(A)
_[?_] map_optindex_optional_value (map(A,B),A) optional(B)
_[?_] optional_map_optindex_optional_value (optional(map(A,B)),A) optional(B)
_?._ select_optional_field (dyn,string) optional(A)
@in in_list (A,list(A)) bool
@in in_map (A,map(A,B)) bool
size size_bytes (bytes) int
size bytes_size .(bytes) int
size size_list (list(A)) int
size list_size .(list(A)) int
size size_map (map(A,B)) int
size map_size .(map(A,B)) int
size size_string (string) int
size string_size .(string) int
type type (A) type(A)
bool bool_to_bool (bool) bool
bool string_to_bool (string) bool
bytes bytes_to_bytes (bytes) bytes
bytes string_to_bytes (string) bytes
double double_to_double (double) double
double int64_to_double (int) double
double string_to_double (string) double
double uint64_to_double (uint) double
duration duration_to_duration (duration) duration
duration int64_to_duration (int) duration
duration string_to_duration (string) duration
dyn to_dyn (A) dyn
int int64_to_int64 (int) int
int double_to_int64 (double) int
int duration_to_int64 (duration) int
int string_to_int64 (string) int
int timestamp_to_int64 (timestamp) int
int uint64_to_int64 (uint) int
string string_to_string (string) string
string bool_to_string (bool) string
string bytes_to_string (bytes) string
string double_to_string (double) string
string duration_to_string (duration) string
string int64_to_string (int) string
string timestamp_to_string (timestamp) string
string uint64_to_string (uint) string
string ip_to_string (net.IP) string
string cidr_to_string (net.CIDR) string
timestamp timestamp_to_timestamp (timestamp) timestamp
timestamp int64_to_timestamp (int) timestamp
timestamp string_to_timestamp (string) timestamp
uint uint64_to_uint64 (uint) uint
uint double_to_uint64 (double) uint
uint int64_to_uint64 (int) uint
uint string_to_uint64 (string) uint
contains contains_string .(string,string) bool
endsWith ends_with_string .(string,string) bool
startsWith starts_with_string .(string,string) bool
matches matches (string,string) bool
matches matches_string .(string,string) bool
getFullYear timestamp_to_year .(timestamp) int
getFullYear timestamp_to_year_with_tz .(timestamp,string) int
getMonth timestamp_to_month .(timestamp) int
getMonth timestamp_to_month_with_tz .(timestamp,string) int
getDayOfYear timestamp_to_day_of_year .(timestamp) int
getDayOfYear timestamp_to_day_of_year_with_tz .(timestamp,string) int
getDayOfMonth timestamp_to_day_of_month .(timestamp) int
getDayOfMonth timestamp_to_day_of_month_with_tz .(timestamp,string) int
getDate timestamp_to_day_of_month_1_based .(timestamp) int
getDate timestamp_to_day_of_month_1_based_with_tz .(timestamp,string) int
getDayOfWeek timestamp_to_day_of_week .(timestamp) int
getDayOfWeek timestamp_to_day_of_week_with_tz .(timestamp,string) int
getHours timestamp_to_hours .(timestamp) int
getHours timestamp_to_hours_with_tz .(timestamp,string) int
getHours duration_to_hours .(duration) int
getMinutes timestamp_to_minutes .(timestamp) int
getMinutes timestamp_to_minutes_with_tz .(timestamp,string) int
getMinutes duration_to_minutes .(duration) int
getSeconds timestamp_to_seconds .(timestamp) int
getSeconds timestamp_to_seconds_tz .(timestamp,string) int
getSeconds duration_to_seconds .(duration) int
getMilliseconds timestamp_to_milliseconds .(timestamp) int
getMilliseconds timestamp_to_milliseconds_with_tz .(timestamp,string) int
getMilliseconds duration_to_milliseconds .(duration) int
optional.of optional_of (A) optional(A)
optional.ofNonZeroValue optional_ofNonZeroValue (A) optional(A)
optional.none optional_none () optional(A)
value optional_value .(optional(A)) A
hasValue optional_hasValue .(optional(A)) bool
or optional_or_optional .(optional(A),optional(A)) optional(A)
orValue optional_orValue_value .(optional(A),A) A
first list_first .(list(A)) optional(A)
last list_last .(list(A)) optional(A)
optional.unwrap optional_unwrap (list(optional(A))) list(A)
unwrapOpt optional_unwrapOpt .(list(optional(A))) list(A)
charAt string_char_at_int .(string,int) string
indexOf string_index_of_string .(string,string) int
indexOf string_index_of_string_int .(string,string,int) int
indexOf list_a_index_of_int .(list(A),A) int
lastIndexOf string_last_index_of_string .(string,string) int
lastIndexOf string_last_index_of_string_int .(string,string,int) int
lastIndexOf list_a_last_index_of_int .(list(A),A) int
lowerAscii string_lower_ascii .(string) string
upperAscii string_upper_ascii .(string) string
replace string_replace_string_string .(string,string,string) string
replace string_replace_string_string_int .(string,string,string,int) string
split string_split_string .(string,string) list(string)
split string_split_string_int .(string,string,int) list(string)
substring string_substring_int .(string,int) string
substring string_substring_int_int .(string,int,int) string
trim string_trim .(string) string
format string_format .(string,list(dyn)) string
strings.quote strings_quote (string) string
join list_join .(list(string)) string
join list_join_string .(list(string),string) string
sets.contains list_sets_contains_list (list(A),list(A)) bool
sets.equivalent list_sets_equivalent_list (list(A),list(A)) bool
sets.intersects list_sets_intersects_list (list(A),list(A)) bool
slice list_slice .(list(A),int,int) list(A)
flatten list_flatten .(list(list(A))) list(A)
flatten list_flatten_int .(list(dyn),int) list(dyn)
sort list_int_sort .(list(int)) list(int)
sort list_uint_sort .(list(uint)) list(uint)
sort list_double_sort .(list(double)) list(double)
sort list_bool_sort .(list(bool)) list(bool)
sort list_google.protobuf.Duration_sort .(list(duration)) list(duration)
sort list_google.protobuf.Timestamp_sort .(list(timestamp)) list(timestamp)
sort list_string_sort .(list(string)) list(string)
sort list_bytes_sort .(list(bytes)) list(bytes)
@sortByAssociatedKeys list_int_sortByAssociatedKeys .(list(A),list(int)) list(A)
@sortByAssociatedKeys list_uint_sortByAssociatedKeys .(list(A),list(uint)) list(A)
@sortByAssociatedKeys list_double_sortByAssociatedKeys .(list(A),list(double)) list(A)
@sortByAssociatedKeys list_bool_sortByAssociatedKeys .(list(A),list(bool)) list(A)
@sortByAssociatedKeys list_google.protobuf.Duration_sortByAssociatedKeys .(list(A),list(duration)) list(A)
@sortByAssociatedKeys list_google.protobuf.Timestamp_sortByAssociatedKeys .(list(A),list(timestamp)) list(A)
@sortByAssociatedKeys list_string_sortByAssociatedKeys .(list(A),list(string)) list(A)
@sortByAssociatedKeys list_bytes_sortByAssociatedKeys .(list(A),list(bytes)) list(A)
lists.range lists_range (int) list(int)
reverse list_reverse .(list(A)) list(A)
distinct list_distinct .(list(A)) list(A)
cel.@mapInsert @mapInsert_map_key_value (map(A,B),A,B) map(A,B)
cel.@mapInsert @mapInsert_map_map (map(A,B),map(A,B)) map(A,B)
find string_find_string .(string,string) string
findAll string_find_all_string .(string,string) list(string)
findAll string_find_all_string_int .(string,string,int) list(string)
url string_to_url (string) kubernetes.URL
getScheme url_get_scheme .(kubernetes.URL) string
getHost url_get_host .(kubernetes.URL) string
getHostname url_get_hostname .(kubernetes.URL) string
getPort url_get_port .(kubernetes.URL) string
getEscapedPath url_get_escaped_path .(kubernetes.URL) string
getQuery url_get_query .(kubernetes.URL) map(string,list(string))
isURL is_url_string (string) bool
path authorizer_path .(kubernetes.authorization.Authorizer,string) kubernetes.authorization.PathCheck
group authorizer_group .(kubernetes.authorization.Authorizer,string) kubernetes.authorization.GroupCheck
serviceAccount authorizer_serviceaccount .(kubernetes.authorization.Authorizer,string,string) kubernetes.authorization.Authorizer
resource groupcheck_resource .(kubernetes.authorization.GroupCheck,string) kubernetes.authorization.ResourceCheck
subresource resourcecheck_subresource .(kubernetes.authorization.ResourceCheck,string) kubernetes.authorization.ResourceCheck
namespace resourcecheck_namespace .(kubernetes.authorization.ResourceCheck,string) kubernetes.authorization.ResourceCheck
name resourcecheck_name .(kubernetes.authorization.ResourceCheck,string) kubernetes.authorization.ResourceCheck
fieldSelector authorizer_fieldselector .(kubernetes.authorization.ResourceCheck,string) kubernetes.authorization.ResourceCheck
labelSelector authorizer_labelselector .(kubernetes.authorization.ResourceCheck,string) kubernetes.authorization.ResourceCheck
check pathcheck_check .(kubernetes.authorization.PathCheck,string) kubernetes.authorization.Decision
check resourcecheck_check .(kubernetes.authorization.ResourceCheck,string) kubernetes.authorization.Decision
errored decision_errored .(kubernetes.authorization.Decision) bool
error decision_error .(kubernetes.authorization.Decision) string
allowed decision_allowed .(kubernetes.authorization.Decision) bool
reason decision_reason .(kubernetes.authorization.Decision) string
quantity string_to_quantity (string) kubernetes.Quantity
isQuantity is_quantity_string (string) bool
sign quantity_sign (kubernetes.Quantity) int
isGreaterThan quantity_is_greater_than .(kubernetes.Quantity,kubernetes.Quantity) bool
isGreaterThan semver_is_greater_than .(kubernetes.Semver,kubernetes.Semver) bool
isLessThan quantity_is_less_than .(kubernetes.Quantity,kubernetes.Quantity) bool
isLessThan semver_is_less_than .(kubernetes.Semver,kubernetes.Semver) bool
compareTo quantity_compare_to .(kubernetes.Quantity,kubernetes.Quantity) int
compareTo semver_compare_to .(kubernetes.Semver,kubernetes.Semver) int
asApproximateFloat quantity_get_float .(kubernetes.Quantity) double
asInteger quantity_get_int .(kubernetes.Quantity) int
isInteger quantity_is_integer .(kubernetes.Quantity) bool
add quantity_add .(kubernetes.Quantity,kubernetes.Quantity) kubernetes.Quantity
add quantity_add_int .(kubernetes.Quantity,int) kubernetes.Quantity
sub quantity_sub .(kubernetes.Quantity,kubernetes.Quantity) kubernetes.Quantity
sub quantity_sub_int .(kubernetes.Quantity,int) kubernetes.Quantity
ip string_to_ip (string) net.IP
ip cidr_ip .(net.CIDR) net.IP
ip.isCanonical ip_is_canonical (string) bool
family ip_family .(net.IP) int
isUnspecified ip_is_unspecified .(net.IP) bool
isLoopback ip_is_loopback .(net.IP) bool
isLinkLocalMulticast ip_is_link_local_multicast .(net.IP) bool
isLinkLocalUnicast ip_is_link_local_unicast .(net.IP) bool
isGlobalUnicast ip_is_global_unicast .(net.IP) bool
isIP is_ip (string) bool
cidr string_to_cidr (string) net.CIDR
containsIP cidr_contains_ip_string .(net.CIDR,string) bool
containsIP cidr_contains_ip_ip .(net.CIDR,net.IP) bool
containsCIDR cidr_contains_cidr_string .(net.CIDR,string) bool
containsCIDR cidr_contains_cidr .(net.CIDR,net.CIDR) bool
prefixLength cidr_prefix_length .(net.CIDR) int
masked cidr_masked .(net.CIDR) net.CIDR
isCIDR is_cidr (string) bool
validate format-validate .(kubernetes.NamedFormat,string) optional(list(string))
format.named format-named (string) optional(kubernetes.NamedFormat)
format.dns1123Label format.dns1123Label () kubernetes.NamedFormat
format.dns1123Subdomain format.dns1123Subdomain () kubernetes.NamedFormat
format.dns1035Label format.dns1035Label () kubernetes.NamedFormat
format.qualifiedName format.qualifiedName () kubernetes.NamedFormat
format.dns1123LabelPrefix format.dns1123LabelPrefix () kubernetes.NamedFormat
format.dns1123SubdomainPrefix format.dns1123SubdomainPrefix () kubernetes.NamedFormat
format.dns1035LabelPrefix format.dns1035LabelPrefix () kubernetes.NamedFormat
format.labelValue format.labelValue () kubernetes.NamedFormat
format.uri format.uri () kubernetes.NamedFormat
format.uuid format.uuid () kubernetes.NamedFormat
format.byte format.byte () kubernetes.NamedFormat
format.date format.date () kubernetes.NamedFormat
format.datetime format.datetime () kubernetes.NamedFormat
semver string_to_semver (string) kubernetes.Semver
semver string_bool_to_semver (string,bool) kubernetes.Semver
isSemver is_semver_string (string) bool
isSemver is_semver_string_bool (string,bool) bool
major semver_major .(kubernetes.Semver) int
minor semver_minor .(kubernetes.Semver) int
patch semver_patch .(kubernetes.Semver) int
image string_to_image (string) kubernetes.Image
isImage is_image_string (string) bool
containsDigest image_contains_digest .(kubernetes.Image) bool
registry image_registry .(kubernetes.Image) string
repository image_repository .(kubernetes.Image) string
identifier image_identifier .(kubernetes.Image) string
tag image_tag .(kubernetes.Image) string
digest image_digest .(kubernetes.Image) string
";

/// Comparisons of all types that have an order; numbers of any two types compare.
const COMPARISONS: [(&str, &str); 4] = [
    ("_<_", "less"),
    ("_<=_", "less_equals"),
    ("_>_", "greater"),
    ("_>=_", "greater_equals"),
];
const COMPARED: [(&str, &str); 14] = [
    ("bool", "(bool,bool)"),
    ("int64", "(int,int)"),
    ("int64_double", "(int,double)"),
    ("int64_uint64", "(int,uint)"),
    ("uint64", "(uint,uint)"),
    ("uint64_double", "(uint,double)"),
    ("uint64_int64", "(uint,int)"),
    ("double", "(double,double)"),
    ("double_int64", "(double,int)"),
    ("double_uint64", "(double,uint)"),
    ("string", "(string,string)"),
    ("bytes", "(bytes,bytes)"),
    ("timestamp", "(timestamp,timestamp)"),
    ("duration", "(duration,duration)"),
];
/// Kubernetes' functions over lists, for every type that has an order.
const LISTS: [&str; 8] = [
    "int",
    "uint",
    "double",
    "bool",
    "duration",
    "timestamp",
    "string",
    "bytes",
];

static FUNCTIONS: LazyLock<HashMap<&'static str, Function>> = LazyLock::new(build);

/// The function of that name.
pub(super) fn function(name: &str) -> Option<&'static Function> {
    FUNCTIONS.get(name)
}

fn build() -> HashMap<&'static str, Function> {
    let mut functions = HashMap::new();
    let mut add = |name: &'static str, id: &'static str, args: &str, result: &str| {
        let member = args.starts_with('.');
        let list = args.trim_start_matches('.');
        let args: Vec<Type> = split_any(&list[1..list.len() - 1])
            .into_iter()
            .map(read)
            .collect();
        let result = read(result);
        let params = args.iter().chain([&result]).map(highest).max().unwrap_or(0);
        let function: &mut Function = functions.entry(name).or_insert_with(|| Function {
            name,
            overloads: Vec::new(),
        });
        function.overloads.push(Overload {
            id,
            member,
            args,
            result,
            params,
        });
    };
    for line in TABLE.lines().filter(|line| !line.is_empty()) {
        let mut words = line.split(' ');
        if let (Some(name), Some(id), Some(args), Some(result)) =
            (words.next(), words.next(), words.next(), words.next())
        {
            add(name, id, args, result);
        }
    }
    // A few dozen names that live as long as the table.
    let keep = |text: String| -> &'static str { Box::leak(text.into_boxed_str()) };
    for (name, id) in COMPARISONS {
        for (suffix, args) in COMPARED {
            add(name, keep(format!("{id}_{suffix}")), args, "bool");
        }
    }
    for kind in LISTS {
        let list = format!(".(list({kind}))");
        add(
            "isSorted",
            keep(format!("list_{kind}_is_sorted_bool")),
            &list,
            "bool",
        );
        add("max", keep(format!("list_{kind}_max_{kind}")), &list, kind);
        add("min", keep(format!("list_{kind}_min_{kind}")), &list, kind);
        if matches!(kind, "int" | "uint" | "double" | "duration") {
            add("sum", keep(format!("list_{kind}_sum_{kind}")), &list, kind);
        }
    }
    functions
}

fn highest(t: &Type) -> u32 {
    match t {
        Type::Param(n) => n + 1,
        other => other
            .parameters()
            .into_iter()
            .flatten()
            .map(highest)
            .max()
            .unwrap_or(0),
    }
}

/// Splits at the commas that are in no parentheses.
fn split_any(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut depth, mut start) = (0, 0);
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    if !text.is_empty() {
        parts.push(&text[start..]);
    }
    parts
}

fn read(text: &str) -> Type {
    let inside = |head: &str| {
        text.strip_prefix(head)
            .and_then(|rest| rest.strip_suffix(')'))
    };
    if let Some(inner) = inside("list(") {
        return Type::list(read(inner));
    }
    if let Some(inner) = inside("optional(") {
        return Type::optional(read(inner));
    }
    if let Some(inner) = inside("type(") {
        return Type::Type(Some(Arc::new(read(inner))));
    }
    if let Some(inner) = inside("map(") {
        let parts = split_any(inner);
        return Type::map(read(parts[0]), read(parts[1]));
    }
    match text {
        "A" => Type::Param(0),
        "B" => Type::Param(1),
        "dyn" => Type::Dyn,
        "bool" => Type::Bool,
        "int" => Type::Int,
        "uint" => Type::Uint,
        "double" => Type::Double,
        "string" => Type::String,
        "bytes" => Type::Bytes,
        "timestamp" => Type::Timestamp,
        "duration" => Type::Duration,
        "net.IP" => Type::Opaque("net.IP"),
        "net.CIDR" => Type::Opaque("net.CIDR"),
        object => OBJECTS
            .iter()
            .find(|name| **name == object)
            .map_or(Type::Error, |name| Type::Object(name)),
    }
}

/// Values that only functions understand.
const OBJECTS: [&str; 10] = [
    "kubernetes.URL",
    "kubernetes.Quantity",
    "kubernetes.Semver",
    "kubernetes.Image",
    "kubernetes.NamedFormat",
    "kubernetes.authorization.Authorizer",
    "kubernetes.authorization.PathCheck",
    "kubernetes.authorization.GroupCheck",
    "kubernetes.authorization.ResourceCheck",
    "kubernetes.authorization.Decision",
];

/// The type that a name stands for, as in `type(x) == string`.
pub(super) fn type_named(name: &str) -> Option<Type> {
    Some(match name {
        "bool" => Type::Bool,
        "bytes" => Type::Bytes,
        "double" => Type::Double,
        "int" => Type::Int,
        "list" => Type::list(Type::Dyn),
        "map" => Type::map(Type::Dyn, Type::Dyn),
        "null_type" => Type::Null,
        "string" => Type::String,
        "type" => Type::Type(None),
        "uint" => Type::Uint,
        "google.protobuf.Duration" => Type::Duration,
        "google.protobuf.Timestamp" => Type::Timestamp,
        "optional_type" => Type::optional(Type::Dyn),
        "net.IP" => Type::Opaque("net.IP"),
        "net.CIDR" => Type::Opaque("net.CIDR"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_type_of_the_table_is_unknown() {
        let mut seen = 0;
        for function in FUNCTIONS.values() {
            for overload in &function.overloads {
                seen += 1;
                let text = format!("{overload:?}");
                assert!(!text.contains("Error"), "{text}");
            }
        }
        assert!(seen > 300, "{seen}");
    }
}
