# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_rbac_check_global_optspecs
    string join \n f/filename= manifest-namespace= no-defaults no-aggregation apiserver= apiserver-flag= root= fetched= webhook-answers= assume= now= color= v/verbose v= request-timeout= warnings-as-errors h/help V/version
end

function __fish_rbac_check_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_rbac_check_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_rbac_check_using_subcommand
    set -l cmd (__fish_rbac_check_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c rbac-check -n "__fish_rbac_check_needs_command" -s f -l filename -d 'A file, a folder (recursive: .yaml .yml .json .jsonl), a pattern, or - for standard input; may be repeated. Default: the `sources` of rbac-check.yaml (here or in a folder above), or the current folder' -r
complete -c rbac-check -n "__fish_rbac_check_needs_command" -l manifest-namespace -d 'The namespace of loaded namespaced objects that name none' -r
complete -c rbac-check -n "__fish_rbac_check_needs_command" -l apiserver -d 'The API server\'s configuration: a kube-apiserver static pod, a kubeadm ClusterConfiguration, or a file with one --flag=value a line' -r -F
complete -c rbac-check -n "__fish_rbac_check_needs_command" -l apiserver-flag -d 'Overrides or adds one flag of the API server; may be repeated' -r
complete -c rbac-check -n "__fish_rbac_check_needs_command" -l root -d 'Where the files that the API server\'s configuration names are found. Default: as they are named, then relative to the folder of the file that names them' -r -F
complete -c rbac-check -n "__fish_rbac_check_needs_command" -l fetched -d 'Stands in for the network: a JSON object from URL to {"file", "status", "authorization"}, files relative to the folder above FILE\'s own. OIDC discovery documents, key sets and distributed claims are taken from it; a URL that is not in it is unreachable. Default: nothing is known of the network' -r -F
complete -c rbac-check -n "__fish_rbac_check_needs_command" -l webhook-answers -d 'Recorded webhook traffic, JSON Lines: SubjectAccessReview or TokenReview objects with their status, or HTTP answers by token. NAME is the webhook\'s name in the configuration; may be repeated. What no line answers is unknown' -r
complete -c rbac-check -n "__fish_rbac_check_needs_command" -l assume -d 'What a webhook that authorizes is taken to answer where no recorded answer tells: allow, deny, no-opinion or unreachable; may be repeated. NAME is that of the configuration file, default where flags configure it' -r
complete -c rbac-check -n "__fish_rbac_check_needs_command" -l now -d 'The instant at which everything is judged. Default: the clock' -r
complete -c rbac-check -n "__fish_rbac_check_needs_command" -l color -d 'Colour in what people read' -r -f -a "auto\t''
always\t''
never\t''"
complete -c rbac-check -n "__fish_rbac_check_needs_command" -l v -d 'kubectl\'s log level; accepted and ignored' -r
complete -c rbac-check -n "__fish_rbac_check_needs_command" -l request-timeout -d 'kubectl\'s flag; accepted and ignored, there is no request' -r
complete -c rbac-check -n "__fish_rbac_check_needs_command" -l no-defaults -d 'Leave out the built-in roles and bindings of a fresh cluster'
complete -c rbac-check -n "__fish_rbac_check_needs_command" -l no-aggregation -d 'Leave aggregated ClusterRoles with the rules that they were written with'
complete -c rbac-check -n "__fish_rbac_check_needs_command" -s v -l verbose -d 'Say on standard error what was loaded'
complete -c rbac-check -n "__fish_rbac_check_needs_command" -l warnings-as-errors -d 'kubectl\'s flag; its own warnings are not the server\'s'
complete -c rbac-check -n "__fish_rbac_check_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c rbac-check -n "__fish_rbac_check_needs_command" -s V -l version -d 'Print version'
complete -c rbac-check -n "__fish_rbac_check_needs_command" -f -a "can-i" -d 'Whether a user may do something: kubectl auth can-i, offline, with reasons'
complete -c rbac-check -n "__fish_rbac_check_needs_command" -f -a "who-can" -d 'Every subject that may do something, and through which bindings'
complete -c rbac-check -n "__fish_rbac_check_needs_command" -f -a "whoami" -d 'The user that the API server makes of a credential, or the 401 and why'
complete -c rbac-check -n "__fish_rbac_check_needs_command" -f -a "trace" -d 'A request through every stage, to the code and the body that the server answers'
complete -c rbac-check -n "__fish_rbac_check_needs_command" -f -a "review" -d 'Answer a stream of SubjectAccessReviews'
complete -c rbac-check -n "__fish_rbac_check_needs_command" -f -a "lint" -d 'What is dangerous in the policy: where, why, and what to do about it'
complete -c rbac-check -n "__fish_rbac_check_needs_command" -f -a "validate" -d 'Whether a server would start with a configuration, in its own words'
complete -c rbac-check -n "__fish_rbac_check_needs_command" -f -a "token" -d 'What a bearer token is, and what the API server says of it'
complete -c rbac-check -n "__fish_rbac_check_needs_command" -f -a "cert" -d 'Whose client certificates are, and what the API server says of them'
complete -c rbac-check -n "__fish_rbac_check_needs_command" -f -a "completions" -d 'Shell completions, on standard output'
complete -c rbac-check -n "__fish_rbac_check_needs_command" -f -a "man" -d 'The manual page, or with --dir a page for each command'
complete -c rbac-check -n "__fish_rbac_check_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand can-i" -s n -l namespace -d 'The namespace of the question' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand can-i" -s A -l all-namespaces -d 'Ask for all namespaces' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand can-i" -l subresource -d 'The subresource, such as log or scale' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand can-i" -s q -l quiet -d 'Print nothing; the exit status answers' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand can-i" -l list -d 'List all that the user may do in the namespace' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand can-i" -l no-headers -d 'With --list: leave out the head of the table' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand can-i" -l batch -d 'With --list: answer lines {"id","user","namespace"} of FILE (- is standard input)' -r -F
complete -c rbac-check -n "__fish_rbac_check_using_subcommand can-i" -s o -l output -d 'The form of the answer' -r -f -a "table\t'For people'
json\t'JSON, in Kubernetes\' own objects where one exists'
yaml\t'The same as YAML'"
complete -c rbac-check -n "__fish_rbac_check_using_subcommand can-i" -l as -d 'The user to ask as. Without a credential the asker may impersonate anybody, as an administrator who runs kubectl --as' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand can-i" -l as-group -d 'A group to ask as; may be repeated' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand can-i" -l as-uid -d 'A uid to ask as' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand can-i" -l as-user-extra -d 'An extra value to ask with; may be repeated' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand can-i" -l kubeconfig -d 'A kubeconfig: its context gives the namespace and the credential. Without a flag that says who asks, the one that kubectl would use' -r -F
complete -c rbac-check -n "__fish_rbac_check_using_subcommand can-i" -l context -d 'The kubeconfig\'s context to use instead of its current one' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand can-i" -l user -d 'The kubeconfig\'s user to use instead of the context\'s' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand can-i" -l token -d 'A bearer token' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand can-i" -l token-file -d 'A file that holds a bearer token; - is standard input' -r -F
complete -c rbac-check -n "__fish_rbac_check_using_subcommand can-i" -l client-certificate -d 'A client certificate in PEM, with its chain' -r -F
complete -c rbac-check -n "__fish_rbac_check_using_subcommand can-i" -l user-info -d 'A UserInfo (JSON or YAML) taken as authenticated' -r -F
complete -c rbac-check -n "__fish_rbac_check_using_subcommand can-i" -s f -l filename -d 'A file, a folder (recursive: .yaml .yml .json .jsonl), a pattern, or - for standard input; may be repeated. Default: the `sources` of rbac-check.yaml (here or in a folder above), or the current folder' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand can-i" -l manifest-namespace -d 'The namespace of loaded namespaced objects that name none' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand can-i" -l apiserver -d 'The API server\'s configuration: a kube-apiserver static pod, a kubeadm ClusterConfiguration, or a file with one --flag=value a line' -r -F
complete -c rbac-check -n "__fish_rbac_check_using_subcommand can-i" -l apiserver-flag -d 'Overrides or adds one flag of the API server; may be repeated' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand can-i" -l root -d 'Where the files that the API server\'s configuration names are found. Default: as they are named, then relative to the folder of the file that names them' -r -F
complete -c rbac-check -n "__fish_rbac_check_using_subcommand can-i" -l fetched -d 'Stands in for the network: a JSON object from URL to {"file", "status", "authorization"}, files relative to the folder above FILE\'s own. OIDC discovery documents, key sets and distributed claims are taken from it; a URL that is not in it is unreachable. Default: nothing is known of the network' -r -F
complete -c rbac-check -n "__fish_rbac_check_using_subcommand can-i" -l webhook-answers -d 'Recorded webhook traffic, JSON Lines: SubjectAccessReview or TokenReview objects with their status, or HTTP answers by token. NAME is the webhook\'s name in the configuration; may be repeated. What no line answers is unknown' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand can-i" -l assume -d 'What a webhook that authorizes is taken to answer where no recorded answer tells: allow, deny, no-opinion or unreachable; may be repeated. NAME is that of the configuration file, default where flags configure it' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand can-i" -l now -d 'The instant at which everything is judged. Default: the clock' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand can-i" -l color -d 'Colour in what people read' -r -f -a "auto\t''
always\t''
never\t''"
complete -c rbac-check -n "__fish_rbac_check_using_subcommand can-i" -l v -d 'kubectl\'s log level; accepted and ignored' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand can-i" -l request-timeout -d 'kubectl\'s flag; accepted and ignored, there is no request' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand can-i" -l explain -d 'Say why: every grant, or the nearest misses and the smallest fix'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand can-i" -l no-defaults -d 'Leave out the built-in roles and bindings of a fresh cluster'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand can-i" -l no-aggregation -d 'Leave aggregated ClusterRoles with the rules that they were written with'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand can-i" -s v -l verbose -d 'Say on standard error what was loaded'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand can-i" -l warnings-as-errors -d 'kubectl\'s flag; its own warnings are not the server\'s'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand can-i" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand can-i" -s V -l version -d 'Print version'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand who-can" -s n -l namespace -d 'The namespace of the question' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand who-can" -s A -l all-namespaces -d 'In all namespaces at once: what cluster-wide bindings grant' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand who-can" -l subresource -d 'The subresource, such as log or scale' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand who-can" -l batch -d 'Answer lines {"id","verb","group","resource","subresource","namespace"} of FILE (- is standard input)' -r -F
complete -c rbac-check -n "__fish_rbac_check_using_subcommand who-can" -s o -l output -d 'The form of the answer' -r -f -a "table\t'For people'
json\t'JSON, in Kubernetes\' own objects where one exists'
yaml\t'The same as YAML'"
complete -c rbac-check -n "__fish_rbac_check_using_subcommand who-can" -s f -l filename -d 'A file, a folder (recursive: .yaml .yml .json .jsonl), a pattern, or - for standard input; may be repeated. Default: the `sources` of rbac-check.yaml (here or in a folder above), or the current folder' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand who-can" -l manifest-namespace -d 'The namespace of loaded namespaced objects that name none' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand who-can" -l apiserver -d 'The API server\'s configuration: a kube-apiserver static pod, a kubeadm ClusterConfiguration, or a file with one --flag=value a line' -r -F
complete -c rbac-check -n "__fish_rbac_check_using_subcommand who-can" -l apiserver-flag -d 'Overrides or adds one flag of the API server; may be repeated' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand who-can" -l root -d 'Where the files that the API server\'s configuration names are found. Default: as they are named, then relative to the folder of the file that names them' -r -F
complete -c rbac-check -n "__fish_rbac_check_using_subcommand who-can" -l fetched -d 'Stands in for the network: a JSON object from URL to {"file", "status", "authorization"}, files relative to the folder above FILE\'s own. OIDC discovery documents, key sets and distributed claims are taken from it; a URL that is not in it is unreachable. Default: nothing is known of the network' -r -F
complete -c rbac-check -n "__fish_rbac_check_using_subcommand who-can" -l webhook-answers -d 'Recorded webhook traffic, JSON Lines: SubjectAccessReview or TokenReview objects with their status, or HTTP answers by token. NAME is the webhook\'s name in the configuration; may be repeated. What no line answers is unknown' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand who-can" -l assume -d 'What a webhook that authorizes is taken to answer where no recorded answer tells: allow, deny, no-opinion or unreachable; may be repeated. NAME is that of the configuration file, default where flags configure it' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand who-can" -l now -d 'The instant at which everything is judged. Default: the clock' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand who-can" -l color -d 'Colour in what people read' -r -f -a "auto\t''
always\t''
never\t''"
complete -c rbac-check -n "__fish_rbac_check_using_subcommand who-can" -l v -d 'kubectl\'s log level; accepted and ignored' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand who-can" -l request-timeout -d 'kubectl\'s flag; accepted and ignored, there is no request' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand who-can" -l no-defaults -d 'Leave out the built-in roles and bindings of a fresh cluster'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand who-can" -l no-aggregation -d 'Leave aggregated ClusterRoles with the rules that they were written with'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand who-can" -s v -l verbose -d 'Say on standard error what was loaded'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand who-can" -l warnings-as-errors -d 'kubectl\'s flag; its own warnings are not the server\'s'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand who-can" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand who-can" -s V -l version -d 'Print version'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand whoami" -l batch -d 'Answer lines {"id","credential","request","now"} of FILE (- is standard input)' -r -F
complete -c rbac-check -n "__fish_rbac_check_using_subcommand whoami" -s o -l output -d 'table, json, yaml, name, or jsonpath={.status.userInfo.username}' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand whoami" -s n -l namespace -d 'kubectl accepts a namespace here; it changes nothing' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand whoami" -l as -d 'The user to ask as. Without a credential the asker may impersonate anybody, as an administrator who runs kubectl --as' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand whoami" -l as-group -d 'A group to ask as; may be repeated' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand whoami" -l as-uid -d 'A uid to ask as' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand whoami" -l as-user-extra -d 'An extra value to ask with; may be repeated' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand whoami" -l kubeconfig -d 'A kubeconfig: its context gives the namespace and the credential. Without a flag that says who asks, the one that kubectl would use' -r -F
complete -c rbac-check -n "__fish_rbac_check_using_subcommand whoami" -l context -d 'The kubeconfig\'s context to use instead of its current one' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand whoami" -l user -d 'The kubeconfig\'s user to use instead of the context\'s' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand whoami" -l token -d 'A bearer token' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand whoami" -l token-file -d 'A file that holds a bearer token; - is standard input' -r -F
complete -c rbac-check -n "__fish_rbac_check_using_subcommand whoami" -l client-certificate -d 'A client certificate in PEM, with its chain' -r -F
complete -c rbac-check -n "__fish_rbac_check_using_subcommand whoami" -l user-info -d 'A UserInfo (JSON or YAML) taken as authenticated' -r -F
complete -c rbac-check -n "__fish_rbac_check_using_subcommand whoami" -s f -l filename -d 'A file, a folder (recursive: .yaml .yml .json .jsonl), a pattern, or - for standard input; may be repeated. Default: the `sources` of rbac-check.yaml (here or in a folder above), or the current folder' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand whoami" -l manifest-namespace -d 'The namespace of loaded namespaced objects that name none' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand whoami" -l apiserver -d 'The API server\'s configuration: a kube-apiserver static pod, a kubeadm ClusterConfiguration, or a file with one --flag=value a line' -r -F
complete -c rbac-check -n "__fish_rbac_check_using_subcommand whoami" -l apiserver-flag -d 'Overrides or adds one flag of the API server; may be repeated' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand whoami" -l root -d 'Where the files that the API server\'s configuration names are found. Default: as they are named, then relative to the folder of the file that names them' -r -F
complete -c rbac-check -n "__fish_rbac_check_using_subcommand whoami" -l fetched -d 'Stands in for the network: a JSON object from URL to {"file", "status", "authorization"}, files relative to the folder above FILE\'s own. OIDC discovery documents, key sets and distributed claims are taken from it; a URL that is not in it is unreachable. Default: nothing is known of the network' -r -F
complete -c rbac-check -n "__fish_rbac_check_using_subcommand whoami" -l webhook-answers -d 'Recorded webhook traffic, JSON Lines: SubjectAccessReview or TokenReview objects with their status, or HTTP answers by token. NAME is the webhook\'s name in the configuration; may be repeated. What no line answers is unknown' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand whoami" -l assume -d 'What a webhook that authorizes is taken to answer where no recorded answer tells: allow, deny, no-opinion or unreachable; may be repeated. NAME is that of the configuration file, default where flags configure it' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand whoami" -l now -d 'The instant at which everything is judged. Default: the clock' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand whoami" -l color -d 'Colour in what people read' -r -f -a "auto\t''
always\t''
never\t''"
complete -c rbac-check -n "__fish_rbac_check_using_subcommand whoami" -l v -d 'kubectl\'s log level; accepted and ignored' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand whoami" -l request-timeout -d 'kubectl\'s flag; accepted and ignored, there is no request' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand whoami" -l explain -d 'Say on standard error who asks and by what right, where somebody is impersonated'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand whoami" -l no-defaults -d 'Leave out the built-in roles and bindings of a fresh cluster'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand whoami" -l no-aggregation -d 'Leave aggregated ClusterRoles with the rules that they were written with'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand whoami" -s v -l verbose -d 'Say on standard error what was loaded'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand whoami" -l warnings-as-errors -d 'kubectl\'s flag; its own warnings are not the server\'s'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand whoami" -s h -l help -d 'Print help'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand whoami" -s V -l version -d 'Print version'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand trace" -l method -d 'The HTTP method of a raw request' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand trace" -l path -d 'The path of a raw request, with its query' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand trace" -l header -d 'A header line, \'NAME: VALUE\'; may be repeated' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand trace" -l body -d 'The body; - is standard input. Without it a raw request has none' -r -F
complete -c rbac-check -n "__fish_rbac_check_using_subcommand trace" -l message -d 'An error as a terminal showed it: which stage said it, and what the loaded policy says' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand trace" -l audit-event -d 'An event of the audit log, or a log of them; - is standard input' -r -F
complete -c rbac-check -n "__fish_rbac_check_using_subcommand trace" -s n -l namespace -d 'The namespace of VERB RESOURCE' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand trace" -s A -l all-namespaces -d 'In all namespaces at once' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand trace" -l subresource -d 'The subresource, such as log or scale' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand trace" -l last-mode -d 'The verb by which the asker last impersonated, as the server remembers it: impersonate, impersonate:user-info, impersonate:serviceaccount, impersonate:arbitrary-node, impersonate:associated-node' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand trace" -s o -l output -d 'The form of the answer' -r -f -a "table\t'For people'
json\t'JSON, in Kubernetes\' own objects where one exists'
yaml\t'The same as YAML'"
complete -c rbac-check -n "__fish_rbac_check_using_subcommand trace" -l as -d 'The user to ask as. Without a credential the asker may impersonate anybody, as an administrator who runs kubectl --as' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand trace" -l as-group -d 'A group to ask as; may be repeated' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand trace" -l as-uid -d 'A uid to ask as' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand trace" -l as-user-extra -d 'An extra value to ask with; may be repeated' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand trace" -l kubeconfig -d 'A kubeconfig: its context gives the namespace and the credential. Without a flag that says who asks, the one that kubectl would use' -r -F
complete -c rbac-check -n "__fish_rbac_check_using_subcommand trace" -l context -d 'The kubeconfig\'s context to use instead of its current one' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand trace" -l user -d 'The kubeconfig\'s user to use instead of the context\'s' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand trace" -l token -d 'A bearer token' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand trace" -l token-file -d 'A file that holds a bearer token; - is standard input' -r -F
complete -c rbac-check -n "__fish_rbac_check_using_subcommand trace" -l client-certificate -d 'A client certificate in PEM, with its chain' -r -F
complete -c rbac-check -n "__fish_rbac_check_using_subcommand trace" -l user-info -d 'A UserInfo (JSON or YAML) taken as authenticated' -r -F
complete -c rbac-check -n "__fish_rbac_check_using_subcommand trace" -l batch -d 'Answer lines {"id","user" or "credential","headers","method","path","body"} of FILE (- is standard input)' -r -F
complete -c rbac-check -n "__fish_rbac_check_using_subcommand trace" -s f -l filename -d 'A file, a folder (recursive: .yaml .yml .json .jsonl), a pattern, or - for standard input; may be repeated. Default: the `sources` of rbac-check.yaml (here or in a folder above), or the current folder' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand trace" -l manifest-namespace -d 'The namespace of loaded namespaced objects that name none' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand trace" -l apiserver -d 'The API server\'s configuration: a kube-apiserver static pod, a kubeadm ClusterConfiguration, or a file with one --flag=value a line' -r -F
complete -c rbac-check -n "__fish_rbac_check_using_subcommand trace" -l apiserver-flag -d 'Overrides or adds one flag of the API server; may be repeated' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand trace" -l root -d 'Where the files that the API server\'s configuration names are found. Default: as they are named, then relative to the folder of the file that names them' -r -F
complete -c rbac-check -n "__fish_rbac_check_using_subcommand trace" -l fetched -d 'Stands in for the network: a JSON object from URL to {"file", "status", "authorization"}, files relative to the folder above FILE\'s own. OIDC discovery documents, key sets and distributed claims are taken from it; a URL that is not in it is unreachable. Default: nothing is known of the network' -r -F
complete -c rbac-check -n "__fish_rbac_check_using_subcommand trace" -l webhook-answers -d 'Recorded webhook traffic, JSON Lines: SubjectAccessReview or TokenReview objects with their status, or HTTP answers by token. NAME is the webhook\'s name in the configuration; may be repeated. What no line answers is unknown' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand trace" -l assume -d 'What a webhook that authorizes is taken to answer where no recorded answer tells: allow, deny, no-opinion or unreachable; may be repeated. NAME is that of the configuration file, default where flags configure it' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand trace" -l now -d 'The instant at which everything is judged. Default: the clock' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand trace" -l color -d 'Colour in what people read' -r -f -a "auto\t''
always\t''
never\t''"
complete -c rbac-check -n "__fish_rbac_check_using_subcommand trace" -l v -d 'kubectl\'s log level; accepted and ignored' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand trace" -l request-timeout -d 'kubectl\'s flag; accepted and ignored, there is no request' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand trace" -l no-defaults -d 'Leave out the built-in roles and bindings of a fresh cluster'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand trace" -l no-aggregation -d 'Leave aggregated ClusterRoles with the rules that they were written with'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand trace" -s v -l verbose -d 'Say on standard error what was loaded'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand trace" -l warnings-as-errors -d 'kubectl\'s flag; its own warnings are not the server\'s'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand trace" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand trace" -s V -l version -d 'Print version'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand review" -s f -l filename -d 'A file, a folder (recursive: .yaml .yml .json .jsonl), a pattern, or - for standard input; may be repeated. Default: the `sources` of rbac-check.yaml (here or in a folder above), or the current folder' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand review" -l manifest-namespace -d 'The namespace of loaded namespaced objects that name none' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand review" -l apiserver -d 'The API server\'s configuration: a kube-apiserver static pod, a kubeadm ClusterConfiguration, or a file with one --flag=value a line' -r -F
complete -c rbac-check -n "__fish_rbac_check_using_subcommand review" -l apiserver-flag -d 'Overrides or adds one flag of the API server; may be repeated' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand review" -l root -d 'Where the files that the API server\'s configuration names are found. Default: as they are named, then relative to the folder of the file that names them' -r -F
complete -c rbac-check -n "__fish_rbac_check_using_subcommand review" -l fetched -d 'Stands in for the network: a JSON object from URL to {"file", "status", "authorization"}, files relative to the folder above FILE\'s own. OIDC discovery documents, key sets and distributed claims are taken from it; a URL that is not in it is unreachable. Default: nothing is known of the network' -r -F
complete -c rbac-check -n "__fish_rbac_check_using_subcommand review" -l webhook-answers -d 'Recorded webhook traffic, JSON Lines: SubjectAccessReview or TokenReview objects with their status, or HTTP answers by token. NAME is the webhook\'s name in the configuration; may be repeated. What no line answers is unknown' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand review" -l assume -d 'What a webhook that authorizes is taken to answer where no recorded answer tells: allow, deny, no-opinion or unreachable; may be repeated. NAME is that of the configuration file, default where flags configure it' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand review" -l now -d 'The instant at which everything is judged. Default: the clock' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand review" -l color -d 'Colour in what people read' -r -f -a "auto\t''
always\t''
never\t''"
complete -c rbac-check -n "__fish_rbac_check_using_subcommand review" -l v -d 'kubectl\'s log level; accepted and ignored' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand review" -l request-timeout -d 'kubectl\'s flag; accepted and ignored, there is no request' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand review" -l no-defaults -d 'Leave out the built-in roles and bindings of a fresh cluster'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand review" -l no-aggregation -d 'Leave aggregated ClusterRoles with the rules that they were written with'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand review" -s v -l verbose -d 'Say on standard error what was loaded'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand review" -l warnings-as-errors -d 'kubectl\'s flag; its own warnings are not the server\'s'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand review" -s h -l help -d 'Print help'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand review" -s V -l version -d 'Print version'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand lint" -s o -l output -d 'The form of the report' -r -f -a "text\t'For people, with the lines'
json\t'JSON'
sarif\t'SARIF 2.1.0'
github\t'Workflow commands of GitHub Actions'
gitlab\t'GitLab\'s code quality report'
junit\t'JUnit\'s XML'"
complete -c rbac-check -n "__fish_rbac_check_using_subcommand lint" -l fail-on -d 'The least severity that makes the exit status 1: info, low, medium, high, critical. Default: high' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand lint" -l only -d 'Only these rules, by id or name, in place of those of the configuration; may be repeated or separated by commas' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand lint" -l skip -d 'Without these rules, and without those that the configuration skips' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand lint" -l profile -d 'How much is shown: minimal (high and critical), default (all but info), strict (all)' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand lint" -l config -d 'The configuration. Default: the nearest rbac-check.yaml, here or in a folder above' -r -F
complete -c rbac-check -n "__fish_rbac_check_using_subcommand lint" -l baseline -d 'Findings that were there before and do not count' -r -F
complete -c rbac-check -n "__fish_rbac_check_using_subcommand lint" -l write-baseline -d 'Write the findings to this file, as a baseline for later' -r -F
complete -c rbac-check -n "__fish_rbac_check_using_subcommand lint" -l token-file -d 'A file that holds a bearer token, to be judged; - is standard input; may be repeated' -r -F
complete -c rbac-check -n "__fish_rbac_check_using_subcommand lint" -l audit-log -d 'Events of the audit log: what is granted and was not requested there is reported; may be repeated' -r -F
complete -c rbac-check -n "__fish_rbac_check_using_subcommand lint" -l identities -d 'A list of who there is, `User NAME` or `Group NAME` a line: who is bound and not in it is reported' -r -F
complete -c rbac-check -n "__fish_rbac_check_using_subcommand lint" -l explain -d 'What a rule finds, why, and how to mend it' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand lint" -s f -l filename -d 'A file, a folder (recursive: .yaml .yml .json .jsonl), a pattern, or - for standard input; may be repeated. Default: the `sources` of rbac-check.yaml (here or in a folder above), or the current folder' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand lint" -l manifest-namespace -d 'The namespace of loaded namespaced objects that name none' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand lint" -l apiserver -d 'The API server\'s configuration: a kube-apiserver static pod, a kubeadm ClusterConfiguration, or a file with one --flag=value a line' -r -F
complete -c rbac-check -n "__fish_rbac_check_using_subcommand lint" -l apiserver-flag -d 'Overrides or adds one flag of the API server; may be repeated' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand lint" -l root -d 'Where the files that the API server\'s configuration names are found. Default: as they are named, then relative to the folder of the file that names them' -r -F
complete -c rbac-check -n "__fish_rbac_check_using_subcommand lint" -l fetched -d 'Stands in for the network: a JSON object from URL to {"file", "status", "authorization"}, files relative to the folder above FILE\'s own. OIDC discovery documents, key sets and distributed claims are taken from it; a URL that is not in it is unreachable. Default: nothing is known of the network' -r -F
complete -c rbac-check -n "__fish_rbac_check_using_subcommand lint" -l webhook-answers -d 'Recorded webhook traffic, JSON Lines: SubjectAccessReview or TokenReview objects with their status, or HTTP answers by token. NAME is the webhook\'s name in the configuration; may be repeated. What no line answers is unknown' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand lint" -l assume -d 'What a webhook that authorizes is taken to answer where no recorded answer tells: allow, deny, no-opinion or unreachable; may be repeated. NAME is that of the configuration file, default where flags configure it' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand lint" -l now -d 'The instant at which everything is judged. Default: the clock' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand lint" -l color -d 'Colour in what people read' -r -f -a "auto\t''
always\t''
never\t''"
complete -c rbac-check -n "__fish_rbac_check_using_subcommand lint" -l v -d 'kubectl\'s log level; accepted and ignored' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand lint" -l request-timeout -d 'kubectl\'s flag; accepted and ignored, there is no request' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand lint" -l list-rules -d 'List the rules'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand lint" -l no-defaults -d 'Leave out the built-in roles and bindings of a fresh cluster'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand lint" -l no-aggregation -d 'Leave aggregated ClusterRoles with the rules that they were written with'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand lint" -s v -l verbose -d 'Say on standard error what was loaded'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand lint" -l warnings-as-errors -d 'kubectl\'s flag; its own warnings are not the server\'s'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand lint" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand lint" -s V -l version -d 'Print version'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand validate" -s o -l output -d 'The form of the answer' -r -f -a "table\t'For people'
json\t'JSON, in Kubernetes\' own objects where one exists'
yaml\t'The same as YAML'"
complete -c rbac-check -n "__fish_rbac_check_using_subcommand validate" -s f -l filename -d 'A file, a folder (recursive: .yaml .yml .json .jsonl), a pattern, or - for standard input; may be repeated. Default: the `sources` of rbac-check.yaml (here or in a folder above), or the current folder' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand validate" -l manifest-namespace -d 'The namespace of loaded namespaced objects that name none' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand validate" -l apiserver -d 'The API server\'s configuration: a kube-apiserver static pod, a kubeadm ClusterConfiguration, or a file with one --flag=value a line' -r -F
complete -c rbac-check -n "__fish_rbac_check_using_subcommand validate" -l apiserver-flag -d 'Overrides or adds one flag of the API server; may be repeated' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand validate" -l root -d 'Where the files that the API server\'s configuration names are found. Default: as they are named, then relative to the folder of the file that names them' -r -F
complete -c rbac-check -n "__fish_rbac_check_using_subcommand validate" -l fetched -d 'Stands in for the network: a JSON object from URL to {"file", "status", "authorization"}, files relative to the folder above FILE\'s own. OIDC discovery documents, key sets and distributed claims are taken from it; a URL that is not in it is unreachable. Default: nothing is known of the network' -r -F
complete -c rbac-check -n "__fish_rbac_check_using_subcommand validate" -l webhook-answers -d 'Recorded webhook traffic, JSON Lines: SubjectAccessReview or TokenReview objects with their status, or HTTP answers by token. NAME is the webhook\'s name in the configuration; may be repeated. What no line answers is unknown' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand validate" -l assume -d 'What a webhook that authorizes is taken to answer where no recorded answer tells: allow, deny, no-opinion or unreachable; may be repeated. NAME is that of the configuration file, default where flags configure it' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand validate" -l now -d 'The instant at which everything is judged. Default: the clock' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand validate" -l color -d 'Colour in what people read' -r -f -a "auto\t''
always\t''
never\t''"
complete -c rbac-check -n "__fish_rbac_check_using_subcommand validate" -l v -d 'kubectl\'s log level; accepted and ignored' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand validate" -l request-timeout -d 'kubectl\'s flag; accepted and ignored, there is no request' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand validate" -l no-defaults -d 'Leave out the built-in roles and bindings of a fresh cluster'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand validate" -l no-aggregation -d 'Leave aggregated ClusterRoles with the rules that they were written with'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand validate" -s v -l verbose -d 'Say on standard error what was loaded'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand validate" -l warnings-as-errors -d 'kubectl\'s flag; its own warnings are not the server\'s'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand validate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand validate" -s V -l version -d 'Print version'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand token; and not __fish_seen_subcommand_from inspect verify help" -s f -l filename -d 'A file, a folder (recursive: .yaml .yml .json .jsonl), a pattern, or - for standard input; may be repeated. Default: the `sources` of rbac-check.yaml (here or in a folder above), or the current folder' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand token; and not __fish_seen_subcommand_from inspect verify help" -l manifest-namespace -d 'The namespace of loaded namespaced objects that name none' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand token; and not __fish_seen_subcommand_from inspect verify help" -l apiserver -d 'The API server\'s configuration: a kube-apiserver static pod, a kubeadm ClusterConfiguration, or a file with one --flag=value a line' -r -F
complete -c rbac-check -n "__fish_rbac_check_using_subcommand token; and not __fish_seen_subcommand_from inspect verify help" -l apiserver-flag -d 'Overrides or adds one flag of the API server; may be repeated' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand token; and not __fish_seen_subcommand_from inspect verify help" -l root -d 'Where the files that the API server\'s configuration names are found. Default: as they are named, then relative to the folder of the file that names them' -r -F
complete -c rbac-check -n "__fish_rbac_check_using_subcommand token; and not __fish_seen_subcommand_from inspect verify help" -l fetched -d 'Stands in for the network: a JSON object from URL to {"file", "status", "authorization"}, files relative to the folder above FILE\'s own. OIDC discovery documents, key sets and distributed claims are taken from it; a URL that is not in it is unreachable. Default: nothing is known of the network' -r -F
complete -c rbac-check -n "__fish_rbac_check_using_subcommand token; and not __fish_seen_subcommand_from inspect verify help" -l webhook-answers -d 'Recorded webhook traffic, JSON Lines: SubjectAccessReview or TokenReview objects with their status, or HTTP answers by token. NAME is the webhook\'s name in the configuration; may be repeated. What no line answers is unknown' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand token; and not __fish_seen_subcommand_from inspect verify help" -l assume -d 'What a webhook that authorizes is taken to answer where no recorded answer tells: allow, deny, no-opinion or unreachable; may be repeated. NAME is that of the configuration file, default where flags configure it' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand token; and not __fish_seen_subcommand_from inspect verify help" -l now -d 'The instant at which everything is judged. Default: the clock' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand token; and not __fish_seen_subcommand_from inspect verify help" -l color -d 'Colour in what people read' -r -f -a "auto\t''
always\t''
never\t''"
complete -c rbac-check -n "__fish_rbac_check_using_subcommand token; and not __fish_seen_subcommand_from inspect verify help" -l v -d 'kubectl\'s log level; accepted and ignored' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand token; and not __fish_seen_subcommand_from inspect verify help" -l request-timeout -d 'kubectl\'s flag; accepted and ignored, there is no request' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand token; and not __fish_seen_subcommand_from inspect verify help" -l no-defaults -d 'Leave out the built-in roles and bindings of a fresh cluster'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand token; and not __fish_seen_subcommand_from inspect verify help" -l no-aggregation -d 'Leave aggregated ClusterRoles with the rules that they were written with'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand token; and not __fish_seen_subcommand_from inspect verify help" -s v -l verbose -d 'Say on standard error what was loaded'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand token; and not __fish_seen_subcommand_from inspect verify help" -l warnings-as-errors -d 'kubectl\'s flag; its own warnings are not the server\'s'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand token; and not __fish_seen_subcommand_from inspect verify help" -s h -l help -d 'Print help'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand token; and not __fish_seen_subcommand_from inspect verify help" -s V -l version -d 'Print version'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand token; and not __fish_seen_subcommand_from inspect verify help" -f -a "inspect" -d 'What a token is, whose it would be, and what is dangerous about it; nothing is verified'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand token; and not __fish_seen_subcommand_from inspect verify help" -f -a "verify" -d 'What the API server says of a token, as a TokenReview would'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand token; and not __fish_seen_subcommand_from inspect verify help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand token; and __fish_seen_subcommand_from inspect" -l token -d 'The token itself; other processes of the machine see it' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand token; and __fish_seen_subcommand_from inspect" -l token-file -d 'A file that holds the token; - is standard input' -r -F
complete -c rbac-check -n "__fish_rbac_check_using_subcommand token; and __fish_seen_subcommand_from inspect" -l kubeconfig -d 'A kubeconfig that holds the token or names its file' -r -F
complete -c rbac-check -n "__fish_rbac_check_using_subcommand token; and __fish_seen_subcommand_from inspect" -l context -d 'The kubeconfig\'s context to use instead of its current one' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand token; and __fish_seen_subcommand_from inspect" -l user -d 'The kubeconfig\'s user to use instead of the context\'s' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand token; and __fish_seen_subcommand_from inspect" -s o -l output -d 'The form of the answer' -r -f -a "table\t'For people'
json\t'JSON, in Kubernetes\' own objects where one exists'
yaml\t'The same as YAML'"
complete -c rbac-check -n "__fish_rbac_check_using_subcommand token; and __fish_seen_subcommand_from inspect" -s f -l filename -d 'A file, a folder (recursive: .yaml .yml .json .jsonl), a pattern, or - for standard input; may be repeated. Default: the `sources` of rbac-check.yaml (here or in a folder above), or the current folder' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand token; and __fish_seen_subcommand_from inspect" -l manifest-namespace -d 'The namespace of loaded namespaced objects that name none' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand token; and __fish_seen_subcommand_from inspect" -l apiserver -d 'The API server\'s configuration: a kube-apiserver static pod, a kubeadm ClusterConfiguration, or a file with one --flag=value a line' -r -F
complete -c rbac-check -n "__fish_rbac_check_using_subcommand token; and __fish_seen_subcommand_from inspect" -l apiserver-flag -d 'Overrides or adds one flag of the API server; may be repeated' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand token; and __fish_seen_subcommand_from inspect" -l root -d 'Where the files that the API server\'s configuration names are found. Default: as they are named, then relative to the folder of the file that names them' -r -F
complete -c rbac-check -n "__fish_rbac_check_using_subcommand token; and __fish_seen_subcommand_from inspect" -l fetched -d 'Stands in for the network: a JSON object from URL to {"file", "status", "authorization"}, files relative to the folder above FILE\'s own. OIDC discovery documents, key sets and distributed claims are taken from it; a URL that is not in it is unreachable. Default: nothing is known of the network' -r -F
complete -c rbac-check -n "__fish_rbac_check_using_subcommand token; and __fish_seen_subcommand_from inspect" -l webhook-answers -d 'Recorded webhook traffic, JSON Lines: SubjectAccessReview or TokenReview objects with their status, or HTTP answers by token. NAME is the webhook\'s name in the configuration; may be repeated. What no line answers is unknown' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand token; and __fish_seen_subcommand_from inspect" -l assume -d 'What a webhook that authorizes is taken to answer where no recorded answer tells: allow, deny, no-opinion or unreachable; may be repeated. NAME is that of the configuration file, default where flags configure it' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand token; and __fish_seen_subcommand_from inspect" -l now -d 'The instant at which everything is judged. Default: the clock' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand token; and __fish_seen_subcommand_from inspect" -l color -d 'Colour in what people read' -r -f -a "auto\t''
always\t''
never\t''"
complete -c rbac-check -n "__fish_rbac_check_using_subcommand token; and __fish_seen_subcommand_from inspect" -l v -d 'kubectl\'s log level; accepted and ignored' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand token; and __fish_seen_subcommand_from inspect" -l request-timeout -d 'kubectl\'s flag; accepted and ignored, there is no request' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand token; and __fish_seen_subcommand_from inspect" -l show-token -d 'Print the token itself, too'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand token; and __fish_seen_subcommand_from inspect" -l no-defaults -d 'Leave out the built-in roles and bindings of a fresh cluster'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand token; and __fish_seen_subcommand_from inspect" -l no-aggregation -d 'Leave aggregated ClusterRoles with the rules that they were written with'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand token; and __fish_seen_subcommand_from inspect" -s v -l verbose -d 'Say on standard error what was loaded'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand token; and __fish_seen_subcommand_from inspect" -l warnings-as-errors -d 'kubectl\'s flag; its own warnings are not the server\'s'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand token; and __fish_seen_subcommand_from inspect" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand token; and __fish_seen_subcommand_from inspect" -s V -l version -d 'Print version'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand token; and __fish_seen_subcommand_from verify" -l token -d 'The token itself; other processes of the machine see it' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand token; and __fish_seen_subcommand_from verify" -l token-file -d 'A file that holds the token; - is standard input' -r -F
complete -c rbac-check -n "__fish_rbac_check_using_subcommand token; and __fish_seen_subcommand_from verify" -l kubeconfig -d 'A kubeconfig that holds the token or names its file' -r -F
complete -c rbac-check -n "__fish_rbac_check_using_subcommand token; and __fish_seen_subcommand_from verify" -l context -d 'The kubeconfig\'s context to use instead of its current one' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand token; and __fish_seen_subcommand_from verify" -l user -d 'The kubeconfig\'s user to use instead of the context\'s' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand token; and __fish_seen_subcommand_from verify" -l audience -d 'An audience that the token must be for, as spec.audiences of a TokenReview; may be repeated. Default: those of the API' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand token; and __fish_seen_subcommand_from verify" -s o -l output -d 'The form of the answer' -r -f -a "table\t'For people'
json\t'JSON, in Kubernetes\' own objects where one exists'
yaml\t'The same as YAML'"
complete -c rbac-check -n "__fish_rbac_check_using_subcommand token; and __fish_seen_subcommand_from verify" -s f -l filename -d 'A file, a folder (recursive: .yaml .yml .json .jsonl), a pattern, or - for standard input; may be repeated. Default: the `sources` of rbac-check.yaml (here or in a folder above), or the current folder' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand token; and __fish_seen_subcommand_from verify" -l manifest-namespace -d 'The namespace of loaded namespaced objects that name none' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand token; and __fish_seen_subcommand_from verify" -l apiserver -d 'The API server\'s configuration: a kube-apiserver static pod, a kubeadm ClusterConfiguration, or a file with one --flag=value a line' -r -F
complete -c rbac-check -n "__fish_rbac_check_using_subcommand token; and __fish_seen_subcommand_from verify" -l apiserver-flag -d 'Overrides or adds one flag of the API server; may be repeated' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand token; and __fish_seen_subcommand_from verify" -l root -d 'Where the files that the API server\'s configuration names are found. Default: as they are named, then relative to the folder of the file that names them' -r -F
complete -c rbac-check -n "__fish_rbac_check_using_subcommand token; and __fish_seen_subcommand_from verify" -l fetched -d 'Stands in for the network: a JSON object from URL to {"file", "status", "authorization"}, files relative to the folder above FILE\'s own. OIDC discovery documents, key sets and distributed claims are taken from it; a URL that is not in it is unreachable. Default: nothing is known of the network' -r -F
complete -c rbac-check -n "__fish_rbac_check_using_subcommand token; and __fish_seen_subcommand_from verify" -l webhook-answers -d 'Recorded webhook traffic, JSON Lines: SubjectAccessReview or TokenReview objects with their status, or HTTP answers by token. NAME is the webhook\'s name in the configuration; may be repeated. What no line answers is unknown' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand token; and __fish_seen_subcommand_from verify" -l assume -d 'What a webhook that authorizes is taken to answer where no recorded answer tells: allow, deny, no-opinion or unreachable; may be repeated. NAME is that of the configuration file, default where flags configure it' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand token; and __fish_seen_subcommand_from verify" -l now -d 'The instant at which everything is judged. Default: the clock' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand token; and __fish_seen_subcommand_from verify" -l color -d 'Colour in what people read' -r -f -a "auto\t''
always\t''
never\t''"
complete -c rbac-check -n "__fish_rbac_check_using_subcommand token; and __fish_seen_subcommand_from verify" -l v -d 'kubectl\'s log level; accepted and ignored' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand token; and __fish_seen_subcommand_from verify" -l request-timeout -d 'kubectl\'s flag; accepted and ignored, there is no request' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand token; and __fish_seen_subcommand_from verify" -l no-defaults -d 'Leave out the built-in roles and bindings of a fresh cluster'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand token; and __fish_seen_subcommand_from verify" -l no-aggregation -d 'Leave aggregated ClusterRoles with the rules that they were written with'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand token; and __fish_seen_subcommand_from verify" -s v -l verbose -d 'Say on standard error what was loaded'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand token; and __fish_seen_subcommand_from verify" -l warnings-as-errors -d 'kubectl\'s flag; its own warnings are not the server\'s'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand token; and __fish_seen_subcommand_from verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand token; and __fish_seen_subcommand_from verify" -s V -l version -d 'Print version'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand token; and __fish_seen_subcommand_from help" -f -a "inspect" -d 'What a token is, whose it would be, and what is dangerous about it; nothing is verified'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand token; and __fish_seen_subcommand_from help" -f -a "verify" -d 'What the API server says of a token, as a TokenReview would'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand token; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand cert; and not __fish_seen_subcommand_from inspect verify help" -s f -l filename -d 'A file, a folder (recursive: .yaml .yml .json .jsonl), a pattern, or - for standard input; may be repeated. Default: the `sources` of rbac-check.yaml (here or in a folder above), or the current folder' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand cert; and not __fish_seen_subcommand_from inspect verify help" -l manifest-namespace -d 'The namespace of loaded namespaced objects that name none' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand cert; and not __fish_seen_subcommand_from inspect verify help" -l apiserver -d 'The API server\'s configuration: a kube-apiserver static pod, a kubeadm ClusterConfiguration, or a file with one --flag=value a line' -r -F
complete -c rbac-check -n "__fish_rbac_check_using_subcommand cert; and not __fish_seen_subcommand_from inspect verify help" -l apiserver-flag -d 'Overrides or adds one flag of the API server; may be repeated' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand cert; and not __fish_seen_subcommand_from inspect verify help" -l root -d 'Where the files that the API server\'s configuration names are found. Default: as they are named, then relative to the folder of the file that names them' -r -F
complete -c rbac-check -n "__fish_rbac_check_using_subcommand cert; and not __fish_seen_subcommand_from inspect verify help" -l fetched -d 'Stands in for the network: a JSON object from URL to {"file", "status", "authorization"}, files relative to the folder above FILE\'s own. OIDC discovery documents, key sets and distributed claims are taken from it; a URL that is not in it is unreachable. Default: nothing is known of the network' -r -F
complete -c rbac-check -n "__fish_rbac_check_using_subcommand cert; and not __fish_seen_subcommand_from inspect verify help" -l webhook-answers -d 'Recorded webhook traffic, JSON Lines: SubjectAccessReview or TokenReview objects with their status, or HTTP answers by token. NAME is the webhook\'s name in the configuration; may be repeated. What no line answers is unknown' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand cert; and not __fish_seen_subcommand_from inspect verify help" -l assume -d 'What a webhook that authorizes is taken to answer where no recorded answer tells: allow, deny, no-opinion or unreachable; may be repeated. NAME is that of the configuration file, default where flags configure it' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand cert; and not __fish_seen_subcommand_from inspect verify help" -l now -d 'The instant at which everything is judged. Default: the clock' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand cert; and not __fish_seen_subcommand_from inspect verify help" -l color -d 'Colour in what people read' -r -f -a "auto\t''
always\t''
never\t''"
complete -c rbac-check -n "__fish_rbac_check_using_subcommand cert; and not __fish_seen_subcommand_from inspect verify help" -l v -d 'kubectl\'s log level; accepted and ignored' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand cert; and not __fish_seen_subcommand_from inspect verify help" -l request-timeout -d 'kubectl\'s flag; accepted and ignored, there is no request' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand cert; and not __fish_seen_subcommand_from inspect verify help" -l no-defaults -d 'Leave out the built-in roles and bindings of a fresh cluster'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand cert; and not __fish_seen_subcommand_from inspect verify help" -l no-aggregation -d 'Leave aggregated ClusterRoles with the rules that they were written with'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand cert; and not __fish_seen_subcommand_from inspect verify help" -s v -l verbose -d 'Say on standard error what was loaded'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand cert; and not __fish_seen_subcommand_from inspect verify help" -l warnings-as-errors -d 'kubectl\'s flag; its own warnings are not the server\'s'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand cert; and not __fish_seen_subcommand_from inspect verify help" -s h -l help -d 'Print help'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand cert; and not __fish_seen_subcommand_from inspect verify help" -s V -l version -d 'Print version'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand cert; and not __fish_seen_subcommand_from inspect verify help" -f -a "inspect" -d 'Whose certificates are, how long, for what, and what is dangerous about them'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand cert; and not __fish_seen_subcommand_from inspect verify help" -f -a "verify" -d 'What the API server says of a client certificate'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand cert; and not __fish_seen_subcommand_from inspect verify help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand cert; and __fish_seen_subcommand_from inspect" -l expires-in -d 'Exit with 1 if a certificate other than an authority\'s expires within this time, such as 30d or 1d12h (s m h d w y)' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand cert; and __fish_seen_subcommand_from inspect" -s o -l output -d 'The form of the answer' -r -f -a "table\t'For people'
json\t'JSON, in Kubernetes\' own objects where one exists'
yaml\t'The same as YAML'"
complete -c rbac-check -n "__fish_rbac_check_using_subcommand cert; and __fish_seen_subcommand_from inspect" -s f -l filename -d 'A file, a folder (recursive: .yaml .yml .json .jsonl), a pattern, or - for standard input; may be repeated. Default: the `sources` of rbac-check.yaml (here or in a folder above), or the current folder' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand cert; and __fish_seen_subcommand_from inspect" -l manifest-namespace -d 'The namespace of loaded namespaced objects that name none' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand cert; and __fish_seen_subcommand_from inspect" -l apiserver -d 'The API server\'s configuration: a kube-apiserver static pod, a kubeadm ClusterConfiguration, or a file with one --flag=value a line' -r -F
complete -c rbac-check -n "__fish_rbac_check_using_subcommand cert; and __fish_seen_subcommand_from inspect" -l apiserver-flag -d 'Overrides or adds one flag of the API server; may be repeated' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand cert; and __fish_seen_subcommand_from inspect" -l root -d 'Where the files that the API server\'s configuration names are found. Default: as they are named, then relative to the folder of the file that names them' -r -F
complete -c rbac-check -n "__fish_rbac_check_using_subcommand cert; and __fish_seen_subcommand_from inspect" -l fetched -d 'Stands in for the network: a JSON object from URL to {"file", "status", "authorization"}, files relative to the folder above FILE\'s own. OIDC discovery documents, key sets and distributed claims are taken from it; a URL that is not in it is unreachable. Default: nothing is known of the network' -r -F
complete -c rbac-check -n "__fish_rbac_check_using_subcommand cert; and __fish_seen_subcommand_from inspect" -l webhook-answers -d 'Recorded webhook traffic, JSON Lines: SubjectAccessReview or TokenReview objects with their status, or HTTP answers by token. NAME is the webhook\'s name in the configuration; may be repeated. What no line answers is unknown' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand cert; and __fish_seen_subcommand_from inspect" -l assume -d 'What a webhook that authorizes is taken to answer where no recorded answer tells: allow, deny, no-opinion or unreachable; may be repeated. NAME is that of the configuration file, default where flags configure it' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand cert; and __fish_seen_subcommand_from inspect" -l now -d 'The instant at which everything is judged. Default: the clock' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand cert; and __fish_seen_subcommand_from inspect" -l color -d 'Colour in what people read' -r -f -a "auto\t''
always\t''
never\t''"
complete -c rbac-check -n "__fish_rbac_check_using_subcommand cert; and __fish_seen_subcommand_from inspect" -l v -d 'kubectl\'s log level; accepted and ignored' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand cert; and __fish_seen_subcommand_from inspect" -l request-timeout -d 'kubectl\'s flag; accepted and ignored, there is no request' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand cert; and __fish_seen_subcommand_from inspect" -l no-defaults -d 'Leave out the built-in roles and bindings of a fresh cluster'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand cert; and __fish_seen_subcommand_from inspect" -l no-aggregation -d 'Leave aggregated ClusterRoles with the rules that they were written with'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand cert; and __fish_seen_subcommand_from inspect" -s v -l verbose -d 'Say on standard error what was loaded'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand cert; and __fish_seen_subcommand_from inspect" -l warnings-as-errors -d 'kubectl\'s flag; its own warnings are not the server\'s'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand cert; and __fish_seen_subcommand_from inspect" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand cert; and __fish_seen_subcommand_from inspect" -s V -l version -d 'Print version'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand cert; and __fish_seen_subcommand_from verify" -l ca -d 'The client CA, in PEM, instead of that of --apiserver' -r -F
complete -c rbac-check -n "__fish_rbac_check_using_subcommand cert; and __fish_seen_subcommand_from verify" -s o -l output -d 'The form of the answer' -r -f -a "table\t'For people'
json\t'JSON, in Kubernetes\' own objects where one exists'
yaml\t'The same as YAML'"
complete -c rbac-check -n "__fish_rbac_check_using_subcommand cert; and __fish_seen_subcommand_from verify" -s f -l filename -d 'A file, a folder (recursive: .yaml .yml .json .jsonl), a pattern, or - for standard input; may be repeated. Default: the `sources` of rbac-check.yaml (here or in a folder above), or the current folder' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand cert; and __fish_seen_subcommand_from verify" -l manifest-namespace -d 'The namespace of loaded namespaced objects that name none' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand cert; and __fish_seen_subcommand_from verify" -l apiserver -d 'The API server\'s configuration: a kube-apiserver static pod, a kubeadm ClusterConfiguration, or a file with one --flag=value a line' -r -F
complete -c rbac-check -n "__fish_rbac_check_using_subcommand cert; and __fish_seen_subcommand_from verify" -l apiserver-flag -d 'Overrides or adds one flag of the API server; may be repeated' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand cert; and __fish_seen_subcommand_from verify" -l root -d 'Where the files that the API server\'s configuration names are found. Default: as they are named, then relative to the folder of the file that names them' -r -F
complete -c rbac-check -n "__fish_rbac_check_using_subcommand cert; and __fish_seen_subcommand_from verify" -l fetched -d 'Stands in for the network: a JSON object from URL to {"file", "status", "authorization"}, files relative to the folder above FILE\'s own. OIDC discovery documents, key sets and distributed claims are taken from it; a URL that is not in it is unreachable. Default: nothing is known of the network' -r -F
complete -c rbac-check -n "__fish_rbac_check_using_subcommand cert; and __fish_seen_subcommand_from verify" -l webhook-answers -d 'Recorded webhook traffic, JSON Lines: SubjectAccessReview or TokenReview objects with their status, or HTTP answers by token. NAME is the webhook\'s name in the configuration; may be repeated. What no line answers is unknown' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand cert; and __fish_seen_subcommand_from verify" -l assume -d 'What a webhook that authorizes is taken to answer where no recorded answer tells: allow, deny, no-opinion or unreachable; may be repeated. NAME is that of the configuration file, default where flags configure it' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand cert; and __fish_seen_subcommand_from verify" -l now -d 'The instant at which everything is judged. Default: the clock' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand cert; and __fish_seen_subcommand_from verify" -l color -d 'Colour in what people read' -r -f -a "auto\t''
always\t''
never\t''"
complete -c rbac-check -n "__fish_rbac_check_using_subcommand cert; and __fish_seen_subcommand_from verify" -l v -d 'kubectl\'s log level; accepted and ignored' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand cert; and __fish_seen_subcommand_from verify" -l request-timeout -d 'kubectl\'s flag; accepted and ignored, there is no request' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand cert; and __fish_seen_subcommand_from verify" -l no-defaults -d 'Leave out the built-in roles and bindings of a fresh cluster'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand cert; and __fish_seen_subcommand_from verify" -l no-aggregation -d 'Leave aggregated ClusterRoles with the rules that they were written with'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand cert; and __fish_seen_subcommand_from verify" -s v -l verbose -d 'Say on standard error what was loaded'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand cert; and __fish_seen_subcommand_from verify" -l warnings-as-errors -d 'kubectl\'s flag; its own warnings are not the server\'s'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand cert; and __fish_seen_subcommand_from verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand cert; and __fish_seen_subcommand_from verify" -s V -l version -d 'Print version'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand cert; and __fish_seen_subcommand_from help" -f -a "inspect" -d 'Whose certificates are, how long, for what, and what is dangerous about them'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand cert; and __fish_seen_subcommand_from help" -f -a "verify" -d 'What the API server says of a client certificate'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand cert; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand completions" -s f -l filename -d 'A file, a folder (recursive: .yaml .yml .json .jsonl), a pattern, or - for standard input; may be repeated. Default: the `sources` of rbac-check.yaml (here or in a folder above), or the current folder' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand completions" -l manifest-namespace -d 'The namespace of loaded namespaced objects that name none' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand completions" -l apiserver -d 'The API server\'s configuration: a kube-apiserver static pod, a kubeadm ClusterConfiguration, or a file with one --flag=value a line' -r -F
complete -c rbac-check -n "__fish_rbac_check_using_subcommand completions" -l apiserver-flag -d 'Overrides or adds one flag of the API server; may be repeated' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand completions" -l root -d 'Where the files that the API server\'s configuration names are found. Default: as they are named, then relative to the folder of the file that names them' -r -F
complete -c rbac-check -n "__fish_rbac_check_using_subcommand completions" -l fetched -d 'Stands in for the network: a JSON object from URL to {"file", "status", "authorization"}, files relative to the folder above FILE\'s own. OIDC discovery documents, key sets and distributed claims are taken from it; a URL that is not in it is unreachable. Default: nothing is known of the network' -r -F
complete -c rbac-check -n "__fish_rbac_check_using_subcommand completions" -l webhook-answers -d 'Recorded webhook traffic, JSON Lines: SubjectAccessReview or TokenReview objects with their status, or HTTP answers by token. NAME is the webhook\'s name in the configuration; may be repeated. What no line answers is unknown' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand completions" -l assume -d 'What a webhook that authorizes is taken to answer where no recorded answer tells: allow, deny, no-opinion or unreachable; may be repeated. NAME is that of the configuration file, default where flags configure it' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand completions" -l now -d 'The instant at which everything is judged. Default: the clock' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand completions" -l color -d 'Colour in what people read' -r -f -a "auto\t''
always\t''
never\t''"
complete -c rbac-check -n "__fish_rbac_check_using_subcommand completions" -l v -d 'kubectl\'s log level; accepted and ignored' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand completions" -l request-timeout -d 'kubectl\'s flag; accepted and ignored, there is no request' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand completions" -l no-defaults -d 'Leave out the built-in roles and bindings of a fresh cluster'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand completions" -l no-aggregation -d 'Leave aggregated ClusterRoles with the rules that they were written with'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand completions" -s v -l verbose -d 'Say on standard error what was loaded'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand completions" -l warnings-as-errors -d 'kubectl\'s flag; its own warnings are not the server\'s'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand completions" -s h -l help -d 'Print help'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand completions" -s V -l version -d 'Print version'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand man" -l dir -d 'Write the pages to this folder instead' -r -F
complete -c rbac-check -n "__fish_rbac_check_using_subcommand man" -s f -l filename -d 'A file, a folder (recursive: .yaml .yml .json .jsonl), a pattern, or - for standard input; may be repeated. Default: the `sources` of rbac-check.yaml (here or in a folder above), or the current folder' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand man" -l manifest-namespace -d 'The namespace of loaded namespaced objects that name none' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand man" -l apiserver -d 'The API server\'s configuration: a kube-apiserver static pod, a kubeadm ClusterConfiguration, or a file with one --flag=value a line' -r -F
complete -c rbac-check -n "__fish_rbac_check_using_subcommand man" -l apiserver-flag -d 'Overrides or adds one flag of the API server; may be repeated' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand man" -l root -d 'Where the files that the API server\'s configuration names are found. Default: as they are named, then relative to the folder of the file that names them' -r -F
complete -c rbac-check -n "__fish_rbac_check_using_subcommand man" -l fetched -d 'Stands in for the network: a JSON object from URL to {"file", "status", "authorization"}, files relative to the folder above FILE\'s own. OIDC discovery documents, key sets and distributed claims are taken from it; a URL that is not in it is unreachable. Default: nothing is known of the network' -r -F
complete -c rbac-check -n "__fish_rbac_check_using_subcommand man" -l webhook-answers -d 'Recorded webhook traffic, JSON Lines: SubjectAccessReview or TokenReview objects with their status, or HTTP answers by token. NAME is the webhook\'s name in the configuration; may be repeated. What no line answers is unknown' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand man" -l assume -d 'What a webhook that authorizes is taken to answer where no recorded answer tells: allow, deny, no-opinion or unreachable; may be repeated. NAME is that of the configuration file, default where flags configure it' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand man" -l now -d 'The instant at which everything is judged. Default: the clock' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand man" -l color -d 'Colour in what people read' -r -f -a "auto\t''
always\t''
never\t''"
complete -c rbac-check -n "__fish_rbac_check_using_subcommand man" -l v -d 'kubectl\'s log level; accepted and ignored' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand man" -l request-timeout -d 'kubectl\'s flag; accepted and ignored, there is no request' -r
complete -c rbac-check -n "__fish_rbac_check_using_subcommand man" -l no-defaults -d 'Leave out the built-in roles and bindings of a fresh cluster'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand man" -l no-aggregation -d 'Leave aggregated ClusterRoles with the rules that they were written with'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand man" -s v -l verbose -d 'Say on standard error what was loaded'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand man" -l warnings-as-errors -d 'kubectl\'s flag; its own warnings are not the server\'s'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand man" -s h -l help -d 'Print help'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand man" -s V -l version -d 'Print version'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand help; and not __fish_seen_subcommand_from can-i who-can whoami trace review lint validate token cert completions man help" -f -a "can-i" -d 'Whether a user may do something: kubectl auth can-i, offline, with reasons'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand help; and not __fish_seen_subcommand_from can-i who-can whoami trace review lint validate token cert completions man help" -f -a "who-can" -d 'Every subject that may do something, and through which bindings'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand help; and not __fish_seen_subcommand_from can-i who-can whoami trace review lint validate token cert completions man help" -f -a "whoami" -d 'The user that the API server makes of a credential, or the 401 and why'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand help; and not __fish_seen_subcommand_from can-i who-can whoami trace review lint validate token cert completions man help" -f -a "trace" -d 'A request through every stage, to the code and the body that the server answers'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand help; and not __fish_seen_subcommand_from can-i who-can whoami trace review lint validate token cert completions man help" -f -a "review" -d 'Answer a stream of SubjectAccessReviews'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand help; and not __fish_seen_subcommand_from can-i who-can whoami trace review lint validate token cert completions man help" -f -a "lint" -d 'What is dangerous in the policy: where, why, and what to do about it'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand help; and not __fish_seen_subcommand_from can-i who-can whoami trace review lint validate token cert completions man help" -f -a "validate" -d 'Whether a server would start with a configuration, in its own words'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand help; and not __fish_seen_subcommand_from can-i who-can whoami trace review lint validate token cert completions man help" -f -a "token" -d 'What a bearer token is, and what the API server says of it'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand help; and not __fish_seen_subcommand_from can-i who-can whoami trace review lint validate token cert completions man help" -f -a "cert" -d 'Whose client certificates are, and what the API server says of them'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand help; and not __fish_seen_subcommand_from can-i who-can whoami trace review lint validate token cert completions man help" -f -a "completions" -d 'Shell completions, on standard output'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand help; and not __fish_seen_subcommand_from can-i who-can whoami trace review lint validate token cert completions man help" -f -a "man" -d 'The manual page, or with --dir a page for each command'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand help; and not __fish_seen_subcommand_from can-i who-can whoami trace review lint validate token cert completions man help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand help; and __fish_seen_subcommand_from token" -f -a "inspect" -d 'What a token is, whose it would be, and what is dangerous about it; nothing is verified'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand help; and __fish_seen_subcommand_from token" -f -a "verify" -d 'What the API server says of a token, as a TokenReview would'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand help; and __fish_seen_subcommand_from cert" -f -a "inspect" -d 'Whose certificates are, how long, for what, and what is dangerous about them'
complete -c rbac-check -n "__fish_rbac_check_using_subcommand help; and __fish_seen_subcommand_from cert" -f -a "verify" -d 'What the API server says of a client certificate'
