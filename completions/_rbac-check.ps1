
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'rbac-check' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'rbac-check'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'rbac-check' {
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'A file, a folder (recursive: .yaml .yml .json .jsonl), a pattern, or - for standard input; may be repeated. Default: the `sources` of rbac-check.yaml (here or in a folder above), or the current folder')
            [CompletionResult]::new('--filename', '--filename', [CompletionResultType]::ParameterName, 'A file, a folder (recursive: .yaml .yml .json .jsonl), a pattern, or - for standard input; may be repeated. Default: the `sources` of rbac-check.yaml (here or in a folder above), or the current folder')
            [CompletionResult]::new('--manifest-namespace', '--manifest-namespace', [CompletionResultType]::ParameterName, 'The namespace of loaded namespaced objects that name none')
            [CompletionResult]::new('--apiserver', '--apiserver', [CompletionResultType]::ParameterName, 'The API server''s configuration: a kube-apiserver static pod, a kubeadm ClusterConfiguration, or a file with one --flag=value a line')
            [CompletionResult]::new('--apiserver-flag', '--apiserver-flag', [CompletionResultType]::ParameterName, 'Overrides or adds one flag of the API server; may be repeated')
            [CompletionResult]::new('--root', '--root', [CompletionResultType]::ParameterName, 'Where the files that the API server''s configuration names are found. Default: as they are named, then relative to the folder of the file that names them')
            [CompletionResult]::new('--fetched', '--fetched', [CompletionResultType]::ParameterName, 'Stands in for the network: a JSON object from URL to {"file", "status", "authorization"}, files relative to the folder above FILE''s own. OIDC discovery documents, key sets and distributed claims are taken from it; a URL that is not in it is unreachable. Default: nothing is known of the network')
            [CompletionResult]::new('--webhook-answers', '--webhook-answers', [CompletionResultType]::ParameterName, 'Recorded webhook traffic, JSON Lines: SubjectAccessReview or TokenReview objects with their status, or HTTP answers by token. NAME is the webhook''s name in the configuration; may be repeated. What no line answers is unknown')
            [CompletionResult]::new('--assume', '--assume', [CompletionResultType]::ParameterName, 'What a webhook that authorizes is taken to answer where no recorded answer tells: allow, deny, no-opinion or unreachable; may be repeated. NAME is that of the configuration file, default where flags configure it')
            [CompletionResult]::new('--now', '--now', [CompletionResultType]::ParameterName, 'The instant at which everything is judged. Default: the clock')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour in what people read')
            [CompletionResult]::new('--v', '--v', [CompletionResultType]::ParameterName, 'kubectl''s log level; accepted and ignored')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'kubectl''s flag; accepted and ignored, there is no request')
            [CompletionResult]::new('--no-defaults', '--no-defaults', [CompletionResultType]::ParameterName, 'Leave out the built-in roles and bindings of a fresh cluster')
            [CompletionResult]::new('--no-aggregation', '--no-aggregation', [CompletionResultType]::ParameterName, 'Leave aggregated ClusterRoles with the rules that they were written with')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on standard error what was loaded')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on standard error what was loaded')
            [CompletionResult]::new('--warnings-as-errors', '--warnings-as-errors', [CompletionResultType]::ParameterName, 'kubectl''s flag; its own warnings are not the server''s')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('can-i', 'can-i', [CompletionResultType]::ParameterValue, 'Whether a user may do something: kubectl auth can-i, offline, with reasons')
            [CompletionResult]::new('who-can', 'who-can', [CompletionResultType]::ParameterValue, 'Every subject that may do something, and through which bindings')
            [CompletionResult]::new('whoami', 'whoami', [CompletionResultType]::ParameterValue, 'The user that the API server makes of a credential, or the 401 and why')
            [CompletionResult]::new('trace', 'trace', [CompletionResultType]::ParameterValue, 'A request through every stage, to the code and the body that the server answers')
            [CompletionResult]::new('review', 'review', [CompletionResultType]::ParameterValue, 'Answer a stream of SubjectAccessReviews')
            [CompletionResult]::new('lint', 'lint', [CompletionResultType]::ParameterValue, 'What is dangerous in the policy: where, why, and what to do about it')
            [CompletionResult]::new('validate', 'validate', [CompletionResultType]::ParameterValue, 'Whether a server would start with a configuration, in its own words')
            [CompletionResult]::new('token', 'token', [CompletionResultType]::ParameterValue, 'What a bearer token is, and what the API server says of it')
            [CompletionResult]::new('cert', 'cert', [CompletionResultType]::ParameterValue, 'Whose client certificates are, and what the API server says of them')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Shell completions, on standard output')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'The manual page, or with --dir a page for each command')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'rbac-check;can-i' {
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'The namespace of the question')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'The namespace of the question')
            [CompletionResult]::new('-A', '-A ', [CompletionResultType]::ParameterName, 'Ask for all namespaces')
            [CompletionResult]::new('--all-namespaces', '--all-namespaces', [CompletionResultType]::ParameterName, 'Ask for all namespaces')
            [CompletionResult]::new('--subresource', '--subresource', [CompletionResultType]::ParameterName, 'The subresource, such as log or scale')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing; the exit status answers')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing; the exit status answers')
            [CompletionResult]::new('--list', '--list', [CompletionResultType]::ParameterName, 'List all that the user may do in the namespace')
            [CompletionResult]::new('--no-headers', '--no-headers', [CompletionResultType]::ParameterName, 'With --list: leave out the head of the table')
            [CompletionResult]::new('--batch', '--batch', [CompletionResultType]::ParameterName, 'With --list: answer lines {"id","user","namespace"} of FILE (- is standard input)')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'The form of the answer')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'The form of the answer')
            [CompletionResult]::new('--as', '--as', [CompletionResultType]::ParameterName, 'The user to ask as. Without a credential the asker may impersonate anybody, as an administrator who runs kubectl --as')
            [CompletionResult]::new('--as-group', '--as-group', [CompletionResultType]::ParameterName, 'A group to ask as; may be repeated')
            [CompletionResult]::new('--as-uid', '--as-uid', [CompletionResultType]::ParameterName, 'A uid to ask as')
            [CompletionResult]::new('--as-user-extra', '--as-user-extra', [CompletionResultType]::ParameterName, 'An extra value to ask with; may be repeated')
            [CompletionResult]::new('--kubeconfig', '--kubeconfig', [CompletionResultType]::ParameterName, 'A kubeconfig: its context gives the namespace and the credential. Without a flag that says who asks, the one that kubectl would use')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The kubeconfig''s context to use instead of its current one')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'The kubeconfig''s user to use instead of the context''s')
            [CompletionResult]::new('--token', '--token', [CompletionResultType]::ParameterName, 'A bearer token')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'A file that holds a bearer token; - is standard input')
            [CompletionResult]::new('--client-certificate', '--client-certificate', [CompletionResultType]::ParameterName, 'A client certificate in PEM, with its chain')
            [CompletionResult]::new('--user-info', '--user-info', [CompletionResultType]::ParameterName, 'A UserInfo (JSON or YAML) taken as authenticated')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'A file, a folder (recursive: .yaml .yml .json .jsonl), a pattern, or - for standard input; may be repeated. Default: the `sources` of rbac-check.yaml (here or in a folder above), or the current folder')
            [CompletionResult]::new('--filename', '--filename', [CompletionResultType]::ParameterName, 'A file, a folder (recursive: .yaml .yml .json .jsonl), a pattern, or - for standard input; may be repeated. Default: the `sources` of rbac-check.yaml (here or in a folder above), or the current folder')
            [CompletionResult]::new('--manifest-namespace', '--manifest-namespace', [CompletionResultType]::ParameterName, 'The namespace of loaded namespaced objects that name none')
            [CompletionResult]::new('--apiserver', '--apiserver', [CompletionResultType]::ParameterName, 'The API server''s configuration: a kube-apiserver static pod, a kubeadm ClusterConfiguration, or a file with one --flag=value a line')
            [CompletionResult]::new('--apiserver-flag', '--apiserver-flag', [CompletionResultType]::ParameterName, 'Overrides or adds one flag of the API server; may be repeated')
            [CompletionResult]::new('--root', '--root', [CompletionResultType]::ParameterName, 'Where the files that the API server''s configuration names are found. Default: as they are named, then relative to the folder of the file that names them')
            [CompletionResult]::new('--fetched', '--fetched', [CompletionResultType]::ParameterName, 'Stands in for the network: a JSON object from URL to {"file", "status", "authorization"}, files relative to the folder above FILE''s own. OIDC discovery documents, key sets and distributed claims are taken from it; a URL that is not in it is unreachable. Default: nothing is known of the network')
            [CompletionResult]::new('--webhook-answers', '--webhook-answers', [CompletionResultType]::ParameterName, 'Recorded webhook traffic, JSON Lines: SubjectAccessReview or TokenReview objects with their status, or HTTP answers by token. NAME is the webhook''s name in the configuration; may be repeated. What no line answers is unknown')
            [CompletionResult]::new('--assume', '--assume', [CompletionResultType]::ParameterName, 'What a webhook that authorizes is taken to answer where no recorded answer tells: allow, deny, no-opinion or unreachable; may be repeated. NAME is that of the configuration file, default where flags configure it')
            [CompletionResult]::new('--now', '--now', [CompletionResultType]::ParameterName, 'The instant at which everything is judged. Default: the clock')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour in what people read')
            [CompletionResult]::new('--v', '--v', [CompletionResultType]::ParameterName, 'kubectl''s log level; accepted and ignored')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'kubectl''s flag; accepted and ignored, there is no request')
            [CompletionResult]::new('--explain', '--explain', [CompletionResultType]::ParameterName, 'Say why: every grant, or the nearest misses and the smallest fix')
            [CompletionResult]::new('--no-defaults', '--no-defaults', [CompletionResultType]::ParameterName, 'Leave out the built-in roles and bindings of a fresh cluster')
            [CompletionResult]::new('--no-aggregation', '--no-aggregation', [CompletionResultType]::ParameterName, 'Leave aggregated ClusterRoles with the rules that they were written with')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on standard error what was loaded')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on standard error what was loaded')
            [CompletionResult]::new('--warnings-as-errors', '--warnings-as-errors', [CompletionResultType]::ParameterName, 'kubectl''s flag; its own warnings are not the server''s')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'rbac-check;who-can' {
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'The namespace of the question')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'The namespace of the question')
            [CompletionResult]::new('-A', '-A ', [CompletionResultType]::ParameterName, 'In all namespaces at once: what cluster-wide bindings grant')
            [CompletionResult]::new('--all-namespaces', '--all-namespaces', [CompletionResultType]::ParameterName, 'In all namespaces at once: what cluster-wide bindings grant')
            [CompletionResult]::new('--subresource', '--subresource', [CompletionResultType]::ParameterName, 'The subresource, such as log or scale')
            [CompletionResult]::new('--batch', '--batch', [CompletionResultType]::ParameterName, 'Answer lines {"id","verb","group","resource","subresource","namespace"} of FILE (- is standard input)')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'The form of the answer')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'The form of the answer')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'A file, a folder (recursive: .yaml .yml .json .jsonl), a pattern, or - for standard input; may be repeated. Default: the `sources` of rbac-check.yaml (here or in a folder above), or the current folder')
            [CompletionResult]::new('--filename', '--filename', [CompletionResultType]::ParameterName, 'A file, a folder (recursive: .yaml .yml .json .jsonl), a pattern, or - for standard input; may be repeated. Default: the `sources` of rbac-check.yaml (here or in a folder above), or the current folder')
            [CompletionResult]::new('--manifest-namespace', '--manifest-namespace', [CompletionResultType]::ParameterName, 'The namespace of loaded namespaced objects that name none')
            [CompletionResult]::new('--apiserver', '--apiserver', [CompletionResultType]::ParameterName, 'The API server''s configuration: a kube-apiserver static pod, a kubeadm ClusterConfiguration, or a file with one --flag=value a line')
            [CompletionResult]::new('--apiserver-flag', '--apiserver-flag', [CompletionResultType]::ParameterName, 'Overrides or adds one flag of the API server; may be repeated')
            [CompletionResult]::new('--root', '--root', [CompletionResultType]::ParameterName, 'Where the files that the API server''s configuration names are found. Default: as they are named, then relative to the folder of the file that names them')
            [CompletionResult]::new('--fetched', '--fetched', [CompletionResultType]::ParameterName, 'Stands in for the network: a JSON object from URL to {"file", "status", "authorization"}, files relative to the folder above FILE''s own. OIDC discovery documents, key sets and distributed claims are taken from it; a URL that is not in it is unreachable. Default: nothing is known of the network')
            [CompletionResult]::new('--webhook-answers', '--webhook-answers', [CompletionResultType]::ParameterName, 'Recorded webhook traffic, JSON Lines: SubjectAccessReview or TokenReview objects with their status, or HTTP answers by token. NAME is the webhook''s name in the configuration; may be repeated. What no line answers is unknown')
            [CompletionResult]::new('--assume', '--assume', [CompletionResultType]::ParameterName, 'What a webhook that authorizes is taken to answer where no recorded answer tells: allow, deny, no-opinion or unreachable; may be repeated. NAME is that of the configuration file, default where flags configure it')
            [CompletionResult]::new('--now', '--now', [CompletionResultType]::ParameterName, 'The instant at which everything is judged. Default: the clock')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour in what people read')
            [CompletionResult]::new('--v', '--v', [CompletionResultType]::ParameterName, 'kubectl''s log level; accepted and ignored')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'kubectl''s flag; accepted and ignored, there is no request')
            [CompletionResult]::new('--no-defaults', '--no-defaults', [CompletionResultType]::ParameterName, 'Leave out the built-in roles and bindings of a fresh cluster')
            [CompletionResult]::new('--no-aggregation', '--no-aggregation', [CompletionResultType]::ParameterName, 'Leave aggregated ClusterRoles with the rules that they were written with')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on standard error what was loaded')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on standard error what was loaded')
            [CompletionResult]::new('--warnings-as-errors', '--warnings-as-errors', [CompletionResultType]::ParameterName, 'kubectl''s flag; its own warnings are not the server''s')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'rbac-check;whoami' {
            [CompletionResult]::new('--batch', '--batch', [CompletionResultType]::ParameterName, 'Answer lines {"id","credential","request","now"} of FILE (- is standard input)')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'table, json, yaml, name, or jsonpath={.status.userInfo.username}')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'table, json, yaml, name, or jsonpath={.status.userInfo.username}')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'kubectl accepts a namespace here; it changes nothing')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'kubectl accepts a namespace here; it changes nothing')
            [CompletionResult]::new('--as', '--as', [CompletionResultType]::ParameterName, 'The user to ask as. Without a credential the asker may impersonate anybody, as an administrator who runs kubectl --as')
            [CompletionResult]::new('--as-group', '--as-group', [CompletionResultType]::ParameterName, 'A group to ask as; may be repeated')
            [CompletionResult]::new('--as-uid', '--as-uid', [CompletionResultType]::ParameterName, 'A uid to ask as')
            [CompletionResult]::new('--as-user-extra', '--as-user-extra', [CompletionResultType]::ParameterName, 'An extra value to ask with; may be repeated')
            [CompletionResult]::new('--kubeconfig', '--kubeconfig', [CompletionResultType]::ParameterName, 'A kubeconfig: its context gives the namespace and the credential. Without a flag that says who asks, the one that kubectl would use')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The kubeconfig''s context to use instead of its current one')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'The kubeconfig''s user to use instead of the context''s')
            [CompletionResult]::new('--token', '--token', [CompletionResultType]::ParameterName, 'A bearer token')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'A file that holds a bearer token; - is standard input')
            [CompletionResult]::new('--client-certificate', '--client-certificate', [CompletionResultType]::ParameterName, 'A client certificate in PEM, with its chain')
            [CompletionResult]::new('--user-info', '--user-info', [CompletionResultType]::ParameterName, 'A UserInfo (JSON or YAML) taken as authenticated')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'A file, a folder (recursive: .yaml .yml .json .jsonl), a pattern, or - for standard input; may be repeated. Default: the `sources` of rbac-check.yaml (here or in a folder above), or the current folder')
            [CompletionResult]::new('--filename', '--filename', [CompletionResultType]::ParameterName, 'A file, a folder (recursive: .yaml .yml .json .jsonl), a pattern, or - for standard input; may be repeated. Default: the `sources` of rbac-check.yaml (here or in a folder above), or the current folder')
            [CompletionResult]::new('--manifest-namespace', '--manifest-namespace', [CompletionResultType]::ParameterName, 'The namespace of loaded namespaced objects that name none')
            [CompletionResult]::new('--apiserver', '--apiserver', [CompletionResultType]::ParameterName, 'The API server''s configuration: a kube-apiserver static pod, a kubeadm ClusterConfiguration, or a file with one --flag=value a line')
            [CompletionResult]::new('--apiserver-flag', '--apiserver-flag', [CompletionResultType]::ParameterName, 'Overrides or adds one flag of the API server; may be repeated')
            [CompletionResult]::new('--root', '--root', [CompletionResultType]::ParameterName, 'Where the files that the API server''s configuration names are found. Default: as they are named, then relative to the folder of the file that names them')
            [CompletionResult]::new('--fetched', '--fetched', [CompletionResultType]::ParameterName, 'Stands in for the network: a JSON object from URL to {"file", "status", "authorization"}, files relative to the folder above FILE''s own. OIDC discovery documents, key sets and distributed claims are taken from it; a URL that is not in it is unreachable. Default: nothing is known of the network')
            [CompletionResult]::new('--webhook-answers', '--webhook-answers', [CompletionResultType]::ParameterName, 'Recorded webhook traffic, JSON Lines: SubjectAccessReview or TokenReview objects with their status, or HTTP answers by token. NAME is the webhook''s name in the configuration; may be repeated. What no line answers is unknown')
            [CompletionResult]::new('--assume', '--assume', [CompletionResultType]::ParameterName, 'What a webhook that authorizes is taken to answer where no recorded answer tells: allow, deny, no-opinion or unreachable; may be repeated. NAME is that of the configuration file, default where flags configure it')
            [CompletionResult]::new('--now', '--now', [CompletionResultType]::ParameterName, 'The instant at which everything is judged. Default: the clock')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour in what people read')
            [CompletionResult]::new('--v', '--v', [CompletionResultType]::ParameterName, 'kubectl''s log level; accepted and ignored')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'kubectl''s flag; accepted and ignored, there is no request')
            [CompletionResult]::new('--explain', '--explain', [CompletionResultType]::ParameterName, 'Say on standard error who asks and by what right, where somebody is impersonated')
            [CompletionResult]::new('--no-defaults', '--no-defaults', [CompletionResultType]::ParameterName, 'Leave out the built-in roles and bindings of a fresh cluster')
            [CompletionResult]::new('--no-aggregation', '--no-aggregation', [CompletionResultType]::ParameterName, 'Leave aggregated ClusterRoles with the rules that they were written with')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on standard error what was loaded')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on standard error what was loaded')
            [CompletionResult]::new('--warnings-as-errors', '--warnings-as-errors', [CompletionResultType]::ParameterName, 'kubectl''s flag; its own warnings are not the server''s')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'rbac-check;trace' {
            [CompletionResult]::new('--method', '--method', [CompletionResultType]::ParameterName, 'The HTTP method of a raw request')
            [CompletionResult]::new('--path', '--path', [CompletionResultType]::ParameterName, 'The path of a raw request, with its query')
            [CompletionResult]::new('--header', '--header', [CompletionResultType]::ParameterName, 'A header line, ''NAME: VALUE''; may be repeated')
            [CompletionResult]::new('--body', '--body', [CompletionResultType]::ParameterName, 'The body; - is standard input. Without it a raw request has none')
            [CompletionResult]::new('--message', '--message', [CompletionResultType]::ParameterName, 'An error as a terminal showed it: which stage said it, and what the loaded policy says')
            [CompletionResult]::new('--audit-event', '--audit-event', [CompletionResultType]::ParameterName, 'An event of the audit log, or a log of them; - is standard input')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'The namespace of VERB RESOURCE')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'The namespace of VERB RESOURCE')
            [CompletionResult]::new('-A', '-A ', [CompletionResultType]::ParameterName, 'In all namespaces at once')
            [CompletionResult]::new('--all-namespaces', '--all-namespaces', [CompletionResultType]::ParameterName, 'In all namespaces at once')
            [CompletionResult]::new('--subresource', '--subresource', [CompletionResultType]::ParameterName, 'The subresource, such as log or scale')
            [CompletionResult]::new('--last-mode', '--last-mode', [CompletionResultType]::ParameterName, 'The verb by which the asker last impersonated, as the server remembers it: impersonate, impersonate:user-info, impersonate:serviceaccount, impersonate:arbitrary-node, impersonate:associated-node')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'The form of the answer')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'The form of the answer')
            [CompletionResult]::new('--as', '--as', [CompletionResultType]::ParameterName, 'The user to ask as. Without a credential the asker may impersonate anybody, as an administrator who runs kubectl --as')
            [CompletionResult]::new('--as-group', '--as-group', [CompletionResultType]::ParameterName, 'A group to ask as; may be repeated')
            [CompletionResult]::new('--as-uid', '--as-uid', [CompletionResultType]::ParameterName, 'A uid to ask as')
            [CompletionResult]::new('--as-user-extra', '--as-user-extra', [CompletionResultType]::ParameterName, 'An extra value to ask with; may be repeated')
            [CompletionResult]::new('--kubeconfig', '--kubeconfig', [CompletionResultType]::ParameterName, 'A kubeconfig: its context gives the namespace and the credential. Without a flag that says who asks, the one that kubectl would use')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The kubeconfig''s context to use instead of its current one')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'The kubeconfig''s user to use instead of the context''s')
            [CompletionResult]::new('--token', '--token', [CompletionResultType]::ParameterName, 'A bearer token')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'A file that holds a bearer token; - is standard input')
            [CompletionResult]::new('--client-certificate', '--client-certificate', [CompletionResultType]::ParameterName, 'A client certificate in PEM, with its chain')
            [CompletionResult]::new('--user-info', '--user-info', [CompletionResultType]::ParameterName, 'A UserInfo (JSON or YAML) taken as authenticated')
            [CompletionResult]::new('--batch', '--batch', [CompletionResultType]::ParameterName, 'Answer lines {"id","user" or "credential","headers","method","path","body"} of FILE (- is standard input)')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'A file, a folder (recursive: .yaml .yml .json .jsonl), a pattern, or - for standard input; may be repeated. Default: the `sources` of rbac-check.yaml (here or in a folder above), or the current folder')
            [CompletionResult]::new('--filename', '--filename', [CompletionResultType]::ParameterName, 'A file, a folder (recursive: .yaml .yml .json .jsonl), a pattern, or - for standard input; may be repeated. Default: the `sources` of rbac-check.yaml (here or in a folder above), or the current folder')
            [CompletionResult]::new('--manifest-namespace', '--manifest-namespace', [CompletionResultType]::ParameterName, 'The namespace of loaded namespaced objects that name none')
            [CompletionResult]::new('--apiserver', '--apiserver', [CompletionResultType]::ParameterName, 'The API server''s configuration: a kube-apiserver static pod, a kubeadm ClusterConfiguration, or a file with one --flag=value a line')
            [CompletionResult]::new('--apiserver-flag', '--apiserver-flag', [CompletionResultType]::ParameterName, 'Overrides or adds one flag of the API server; may be repeated')
            [CompletionResult]::new('--root', '--root', [CompletionResultType]::ParameterName, 'Where the files that the API server''s configuration names are found. Default: as they are named, then relative to the folder of the file that names them')
            [CompletionResult]::new('--fetched', '--fetched', [CompletionResultType]::ParameterName, 'Stands in for the network: a JSON object from URL to {"file", "status", "authorization"}, files relative to the folder above FILE''s own. OIDC discovery documents, key sets and distributed claims are taken from it; a URL that is not in it is unreachable. Default: nothing is known of the network')
            [CompletionResult]::new('--webhook-answers', '--webhook-answers', [CompletionResultType]::ParameterName, 'Recorded webhook traffic, JSON Lines: SubjectAccessReview or TokenReview objects with their status, or HTTP answers by token. NAME is the webhook''s name in the configuration; may be repeated. What no line answers is unknown')
            [CompletionResult]::new('--assume', '--assume', [CompletionResultType]::ParameterName, 'What a webhook that authorizes is taken to answer where no recorded answer tells: allow, deny, no-opinion or unreachable; may be repeated. NAME is that of the configuration file, default where flags configure it')
            [CompletionResult]::new('--now', '--now', [CompletionResultType]::ParameterName, 'The instant at which everything is judged. Default: the clock')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour in what people read')
            [CompletionResult]::new('--v', '--v', [CompletionResultType]::ParameterName, 'kubectl''s log level; accepted and ignored')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'kubectl''s flag; accepted and ignored, there is no request')
            [CompletionResult]::new('--no-defaults', '--no-defaults', [CompletionResultType]::ParameterName, 'Leave out the built-in roles and bindings of a fresh cluster')
            [CompletionResult]::new('--no-aggregation', '--no-aggregation', [CompletionResultType]::ParameterName, 'Leave aggregated ClusterRoles with the rules that they were written with')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on standard error what was loaded')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on standard error what was loaded')
            [CompletionResult]::new('--warnings-as-errors', '--warnings-as-errors', [CompletionResultType]::ParameterName, 'kubectl''s flag; its own warnings are not the server''s')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'rbac-check;review' {
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'A file, a folder (recursive: .yaml .yml .json .jsonl), a pattern, or - for standard input; may be repeated. Default: the `sources` of rbac-check.yaml (here or in a folder above), or the current folder')
            [CompletionResult]::new('--filename', '--filename', [CompletionResultType]::ParameterName, 'A file, a folder (recursive: .yaml .yml .json .jsonl), a pattern, or - for standard input; may be repeated. Default: the `sources` of rbac-check.yaml (here or in a folder above), or the current folder')
            [CompletionResult]::new('--manifest-namespace', '--manifest-namespace', [CompletionResultType]::ParameterName, 'The namespace of loaded namespaced objects that name none')
            [CompletionResult]::new('--apiserver', '--apiserver', [CompletionResultType]::ParameterName, 'The API server''s configuration: a kube-apiserver static pod, a kubeadm ClusterConfiguration, or a file with one --flag=value a line')
            [CompletionResult]::new('--apiserver-flag', '--apiserver-flag', [CompletionResultType]::ParameterName, 'Overrides or adds one flag of the API server; may be repeated')
            [CompletionResult]::new('--root', '--root', [CompletionResultType]::ParameterName, 'Where the files that the API server''s configuration names are found. Default: as they are named, then relative to the folder of the file that names them')
            [CompletionResult]::new('--fetched', '--fetched', [CompletionResultType]::ParameterName, 'Stands in for the network: a JSON object from URL to {"file", "status", "authorization"}, files relative to the folder above FILE''s own. OIDC discovery documents, key sets and distributed claims are taken from it; a URL that is not in it is unreachable. Default: nothing is known of the network')
            [CompletionResult]::new('--webhook-answers', '--webhook-answers', [CompletionResultType]::ParameterName, 'Recorded webhook traffic, JSON Lines: SubjectAccessReview or TokenReview objects with their status, or HTTP answers by token. NAME is the webhook''s name in the configuration; may be repeated. What no line answers is unknown')
            [CompletionResult]::new('--assume', '--assume', [CompletionResultType]::ParameterName, 'What a webhook that authorizes is taken to answer where no recorded answer tells: allow, deny, no-opinion or unreachable; may be repeated. NAME is that of the configuration file, default where flags configure it')
            [CompletionResult]::new('--now', '--now', [CompletionResultType]::ParameterName, 'The instant at which everything is judged. Default: the clock')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour in what people read')
            [CompletionResult]::new('--v', '--v', [CompletionResultType]::ParameterName, 'kubectl''s log level; accepted and ignored')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'kubectl''s flag; accepted and ignored, there is no request')
            [CompletionResult]::new('--no-defaults', '--no-defaults', [CompletionResultType]::ParameterName, 'Leave out the built-in roles and bindings of a fresh cluster')
            [CompletionResult]::new('--no-aggregation', '--no-aggregation', [CompletionResultType]::ParameterName, 'Leave aggregated ClusterRoles with the rules that they were written with')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on standard error what was loaded')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on standard error what was loaded')
            [CompletionResult]::new('--warnings-as-errors', '--warnings-as-errors', [CompletionResultType]::ParameterName, 'kubectl''s flag; its own warnings are not the server''s')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'rbac-check;lint' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'The form of the report')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'The form of the report')
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'The least severity that makes the exit status 1: info, low, medium, high, critical. Default: high')
            [CompletionResult]::new('--only', '--only', [CompletionResultType]::ParameterName, 'Only these rules, by id or name, in place of those of the configuration; may be repeated or separated by commas')
            [CompletionResult]::new('--skip', '--skip', [CompletionResultType]::ParameterName, 'Without these rules, and without those that the configuration skips')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'How much is shown: minimal (high and critical), default (all but info), strict (all)')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The configuration. Default: the nearest rbac-check.yaml, here or in a folder above')
            [CompletionResult]::new('--baseline', '--baseline', [CompletionResultType]::ParameterName, 'Findings that were there before and do not count')
            [CompletionResult]::new('--write-baseline', '--write-baseline', [CompletionResultType]::ParameterName, 'Write the findings to this file, as a baseline for later')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'A file that holds a bearer token, to be judged; - is standard input; may be repeated')
            [CompletionResult]::new('--audit-log', '--audit-log', [CompletionResultType]::ParameterName, 'Events of the audit log: what is granted and was not requested there is reported; may be repeated')
            [CompletionResult]::new('--identities', '--identities', [CompletionResultType]::ParameterName, 'A list of who there is, `User NAME` or `Group NAME` a line: who is bound and not in it is reported')
            [CompletionResult]::new('--explain', '--explain', [CompletionResultType]::ParameterName, 'What a rule finds, why, and how to mend it')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'A file, a folder (recursive: .yaml .yml .json .jsonl), a pattern, or - for standard input; may be repeated. Default: the `sources` of rbac-check.yaml (here or in a folder above), or the current folder')
            [CompletionResult]::new('--filename', '--filename', [CompletionResultType]::ParameterName, 'A file, a folder (recursive: .yaml .yml .json .jsonl), a pattern, or - for standard input; may be repeated. Default: the `sources` of rbac-check.yaml (here or in a folder above), or the current folder')
            [CompletionResult]::new('--manifest-namespace', '--manifest-namespace', [CompletionResultType]::ParameterName, 'The namespace of loaded namespaced objects that name none')
            [CompletionResult]::new('--apiserver', '--apiserver', [CompletionResultType]::ParameterName, 'The API server''s configuration: a kube-apiserver static pod, a kubeadm ClusterConfiguration, or a file with one --flag=value a line')
            [CompletionResult]::new('--apiserver-flag', '--apiserver-flag', [CompletionResultType]::ParameterName, 'Overrides or adds one flag of the API server; may be repeated')
            [CompletionResult]::new('--root', '--root', [CompletionResultType]::ParameterName, 'Where the files that the API server''s configuration names are found. Default: as they are named, then relative to the folder of the file that names them')
            [CompletionResult]::new('--fetched', '--fetched', [CompletionResultType]::ParameterName, 'Stands in for the network: a JSON object from URL to {"file", "status", "authorization"}, files relative to the folder above FILE''s own. OIDC discovery documents, key sets and distributed claims are taken from it; a URL that is not in it is unreachable. Default: nothing is known of the network')
            [CompletionResult]::new('--webhook-answers', '--webhook-answers', [CompletionResultType]::ParameterName, 'Recorded webhook traffic, JSON Lines: SubjectAccessReview or TokenReview objects with their status, or HTTP answers by token. NAME is the webhook''s name in the configuration; may be repeated. What no line answers is unknown')
            [CompletionResult]::new('--assume', '--assume', [CompletionResultType]::ParameterName, 'What a webhook that authorizes is taken to answer where no recorded answer tells: allow, deny, no-opinion or unreachable; may be repeated. NAME is that of the configuration file, default where flags configure it')
            [CompletionResult]::new('--now', '--now', [CompletionResultType]::ParameterName, 'The instant at which everything is judged. Default: the clock')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour in what people read')
            [CompletionResult]::new('--v', '--v', [CompletionResultType]::ParameterName, 'kubectl''s log level; accepted and ignored')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'kubectl''s flag; accepted and ignored, there is no request')
            [CompletionResult]::new('--list-rules', '--list-rules', [CompletionResultType]::ParameterName, 'List the rules')
            [CompletionResult]::new('--no-defaults', '--no-defaults', [CompletionResultType]::ParameterName, 'Leave out the built-in roles and bindings of a fresh cluster')
            [CompletionResult]::new('--no-aggregation', '--no-aggregation', [CompletionResultType]::ParameterName, 'Leave aggregated ClusterRoles with the rules that they were written with')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on standard error what was loaded')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on standard error what was loaded')
            [CompletionResult]::new('--warnings-as-errors', '--warnings-as-errors', [CompletionResultType]::ParameterName, 'kubectl''s flag; its own warnings are not the server''s')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'rbac-check;validate' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'The form of the answer')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'The form of the answer')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'A file, a folder (recursive: .yaml .yml .json .jsonl), a pattern, or - for standard input; may be repeated. Default: the `sources` of rbac-check.yaml (here or in a folder above), or the current folder')
            [CompletionResult]::new('--filename', '--filename', [CompletionResultType]::ParameterName, 'A file, a folder (recursive: .yaml .yml .json .jsonl), a pattern, or - for standard input; may be repeated. Default: the `sources` of rbac-check.yaml (here or in a folder above), or the current folder')
            [CompletionResult]::new('--manifest-namespace', '--manifest-namespace', [CompletionResultType]::ParameterName, 'The namespace of loaded namespaced objects that name none')
            [CompletionResult]::new('--apiserver', '--apiserver', [CompletionResultType]::ParameterName, 'The API server''s configuration: a kube-apiserver static pod, a kubeadm ClusterConfiguration, or a file with one --flag=value a line')
            [CompletionResult]::new('--apiserver-flag', '--apiserver-flag', [CompletionResultType]::ParameterName, 'Overrides or adds one flag of the API server; may be repeated')
            [CompletionResult]::new('--root', '--root', [CompletionResultType]::ParameterName, 'Where the files that the API server''s configuration names are found. Default: as they are named, then relative to the folder of the file that names them')
            [CompletionResult]::new('--fetched', '--fetched', [CompletionResultType]::ParameterName, 'Stands in for the network: a JSON object from URL to {"file", "status", "authorization"}, files relative to the folder above FILE''s own. OIDC discovery documents, key sets and distributed claims are taken from it; a URL that is not in it is unreachable. Default: nothing is known of the network')
            [CompletionResult]::new('--webhook-answers', '--webhook-answers', [CompletionResultType]::ParameterName, 'Recorded webhook traffic, JSON Lines: SubjectAccessReview or TokenReview objects with their status, or HTTP answers by token. NAME is the webhook''s name in the configuration; may be repeated. What no line answers is unknown')
            [CompletionResult]::new('--assume', '--assume', [CompletionResultType]::ParameterName, 'What a webhook that authorizes is taken to answer where no recorded answer tells: allow, deny, no-opinion or unreachable; may be repeated. NAME is that of the configuration file, default where flags configure it')
            [CompletionResult]::new('--now', '--now', [CompletionResultType]::ParameterName, 'The instant at which everything is judged. Default: the clock')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour in what people read')
            [CompletionResult]::new('--v', '--v', [CompletionResultType]::ParameterName, 'kubectl''s log level; accepted and ignored')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'kubectl''s flag; accepted and ignored, there is no request')
            [CompletionResult]::new('--no-defaults', '--no-defaults', [CompletionResultType]::ParameterName, 'Leave out the built-in roles and bindings of a fresh cluster')
            [CompletionResult]::new('--no-aggregation', '--no-aggregation', [CompletionResultType]::ParameterName, 'Leave aggregated ClusterRoles with the rules that they were written with')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on standard error what was loaded')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on standard error what was loaded')
            [CompletionResult]::new('--warnings-as-errors', '--warnings-as-errors', [CompletionResultType]::ParameterName, 'kubectl''s flag; its own warnings are not the server''s')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'rbac-check;token' {
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'A file, a folder (recursive: .yaml .yml .json .jsonl), a pattern, or - for standard input; may be repeated. Default: the `sources` of rbac-check.yaml (here or in a folder above), or the current folder')
            [CompletionResult]::new('--filename', '--filename', [CompletionResultType]::ParameterName, 'A file, a folder (recursive: .yaml .yml .json .jsonl), a pattern, or - for standard input; may be repeated. Default: the `sources` of rbac-check.yaml (here or in a folder above), or the current folder')
            [CompletionResult]::new('--manifest-namespace', '--manifest-namespace', [CompletionResultType]::ParameterName, 'The namespace of loaded namespaced objects that name none')
            [CompletionResult]::new('--apiserver', '--apiserver', [CompletionResultType]::ParameterName, 'The API server''s configuration: a kube-apiserver static pod, a kubeadm ClusterConfiguration, or a file with one --flag=value a line')
            [CompletionResult]::new('--apiserver-flag', '--apiserver-flag', [CompletionResultType]::ParameterName, 'Overrides or adds one flag of the API server; may be repeated')
            [CompletionResult]::new('--root', '--root', [CompletionResultType]::ParameterName, 'Where the files that the API server''s configuration names are found. Default: as they are named, then relative to the folder of the file that names them')
            [CompletionResult]::new('--fetched', '--fetched', [CompletionResultType]::ParameterName, 'Stands in for the network: a JSON object from URL to {"file", "status", "authorization"}, files relative to the folder above FILE''s own. OIDC discovery documents, key sets and distributed claims are taken from it; a URL that is not in it is unreachable. Default: nothing is known of the network')
            [CompletionResult]::new('--webhook-answers', '--webhook-answers', [CompletionResultType]::ParameterName, 'Recorded webhook traffic, JSON Lines: SubjectAccessReview or TokenReview objects with their status, or HTTP answers by token. NAME is the webhook''s name in the configuration; may be repeated. What no line answers is unknown')
            [CompletionResult]::new('--assume', '--assume', [CompletionResultType]::ParameterName, 'What a webhook that authorizes is taken to answer where no recorded answer tells: allow, deny, no-opinion or unreachable; may be repeated. NAME is that of the configuration file, default where flags configure it')
            [CompletionResult]::new('--now', '--now', [CompletionResultType]::ParameterName, 'The instant at which everything is judged. Default: the clock')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour in what people read')
            [CompletionResult]::new('--v', '--v', [CompletionResultType]::ParameterName, 'kubectl''s log level; accepted and ignored')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'kubectl''s flag; accepted and ignored, there is no request')
            [CompletionResult]::new('--no-defaults', '--no-defaults', [CompletionResultType]::ParameterName, 'Leave out the built-in roles and bindings of a fresh cluster')
            [CompletionResult]::new('--no-aggregation', '--no-aggregation', [CompletionResultType]::ParameterName, 'Leave aggregated ClusterRoles with the rules that they were written with')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on standard error what was loaded')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on standard error what was loaded')
            [CompletionResult]::new('--warnings-as-errors', '--warnings-as-errors', [CompletionResultType]::ParameterName, 'kubectl''s flag; its own warnings are not the server''s')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('inspect', 'inspect', [CompletionResultType]::ParameterValue, 'What a token is, whose it would be, and what is dangerous about it; nothing is verified')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'What the API server says of a token, as a TokenReview would')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'rbac-check;token;inspect' {
            [CompletionResult]::new('--token', '--token', [CompletionResultType]::ParameterName, 'The token itself; other processes of the machine see it')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'A file that holds the token; - is standard input')
            [CompletionResult]::new('--kubeconfig', '--kubeconfig', [CompletionResultType]::ParameterName, 'A kubeconfig that holds the token or names its file')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The kubeconfig''s context to use instead of its current one')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'The kubeconfig''s user to use instead of the context''s')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'The form of the answer')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'The form of the answer')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'A file, a folder (recursive: .yaml .yml .json .jsonl), a pattern, or - for standard input; may be repeated. Default: the `sources` of rbac-check.yaml (here or in a folder above), or the current folder')
            [CompletionResult]::new('--filename', '--filename', [CompletionResultType]::ParameterName, 'A file, a folder (recursive: .yaml .yml .json .jsonl), a pattern, or - for standard input; may be repeated. Default: the `sources` of rbac-check.yaml (here or in a folder above), or the current folder')
            [CompletionResult]::new('--manifest-namespace', '--manifest-namespace', [CompletionResultType]::ParameterName, 'The namespace of loaded namespaced objects that name none')
            [CompletionResult]::new('--apiserver', '--apiserver', [CompletionResultType]::ParameterName, 'The API server''s configuration: a kube-apiserver static pod, a kubeadm ClusterConfiguration, or a file with one --flag=value a line')
            [CompletionResult]::new('--apiserver-flag', '--apiserver-flag', [CompletionResultType]::ParameterName, 'Overrides or adds one flag of the API server; may be repeated')
            [CompletionResult]::new('--root', '--root', [CompletionResultType]::ParameterName, 'Where the files that the API server''s configuration names are found. Default: as they are named, then relative to the folder of the file that names them')
            [CompletionResult]::new('--fetched', '--fetched', [CompletionResultType]::ParameterName, 'Stands in for the network: a JSON object from URL to {"file", "status", "authorization"}, files relative to the folder above FILE''s own. OIDC discovery documents, key sets and distributed claims are taken from it; a URL that is not in it is unreachable. Default: nothing is known of the network')
            [CompletionResult]::new('--webhook-answers', '--webhook-answers', [CompletionResultType]::ParameterName, 'Recorded webhook traffic, JSON Lines: SubjectAccessReview or TokenReview objects with their status, or HTTP answers by token. NAME is the webhook''s name in the configuration; may be repeated. What no line answers is unknown')
            [CompletionResult]::new('--assume', '--assume', [CompletionResultType]::ParameterName, 'What a webhook that authorizes is taken to answer where no recorded answer tells: allow, deny, no-opinion or unreachable; may be repeated. NAME is that of the configuration file, default where flags configure it')
            [CompletionResult]::new('--now', '--now', [CompletionResultType]::ParameterName, 'The instant at which everything is judged. Default: the clock')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour in what people read')
            [CompletionResult]::new('--v', '--v', [CompletionResultType]::ParameterName, 'kubectl''s log level; accepted and ignored')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'kubectl''s flag; accepted and ignored, there is no request')
            [CompletionResult]::new('--show-token', '--show-token', [CompletionResultType]::ParameterName, 'Print the token itself, too')
            [CompletionResult]::new('--no-defaults', '--no-defaults', [CompletionResultType]::ParameterName, 'Leave out the built-in roles and bindings of a fresh cluster')
            [CompletionResult]::new('--no-aggregation', '--no-aggregation', [CompletionResultType]::ParameterName, 'Leave aggregated ClusterRoles with the rules that they were written with')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on standard error what was loaded')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on standard error what was loaded')
            [CompletionResult]::new('--warnings-as-errors', '--warnings-as-errors', [CompletionResultType]::ParameterName, 'kubectl''s flag; its own warnings are not the server''s')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'rbac-check;token;verify' {
            [CompletionResult]::new('--token', '--token', [CompletionResultType]::ParameterName, 'The token itself; other processes of the machine see it')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'A file that holds the token; - is standard input')
            [CompletionResult]::new('--kubeconfig', '--kubeconfig', [CompletionResultType]::ParameterName, 'A kubeconfig that holds the token or names its file')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The kubeconfig''s context to use instead of its current one')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'The kubeconfig''s user to use instead of the context''s')
            [CompletionResult]::new('--audience', '--audience', [CompletionResultType]::ParameterName, 'An audience that the token must be for, as spec.audiences of a TokenReview; may be repeated. Default: those of the API')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'The form of the answer')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'The form of the answer')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'A file, a folder (recursive: .yaml .yml .json .jsonl), a pattern, or - for standard input; may be repeated. Default: the `sources` of rbac-check.yaml (here or in a folder above), or the current folder')
            [CompletionResult]::new('--filename', '--filename', [CompletionResultType]::ParameterName, 'A file, a folder (recursive: .yaml .yml .json .jsonl), a pattern, or - for standard input; may be repeated. Default: the `sources` of rbac-check.yaml (here or in a folder above), or the current folder')
            [CompletionResult]::new('--manifest-namespace', '--manifest-namespace', [CompletionResultType]::ParameterName, 'The namespace of loaded namespaced objects that name none')
            [CompletionResult]::new('--apiserver', '--apiserver', [CompletionResultType]::ParameterName, 'The API server''s configuration: a kube-apiserver static pod, a kubeadm ClusterConfiguration, or a file with one --flag=value a line')
            [CompletionResult]::new('--apiserver-flag', '--apiserver-flag', [CompletionResultType]::ParameterName, 'Overrides or adds one flag of the API server; may be repeated')
            [CompletionResult]::new('--root', '--root', [CompletionResultType]::ParameterName, 'Where the files that the API server''s configuration names are found. Default: as they are named, then relative to the folder of the file that names them')
            [CompletionResult]::new('--fetched', '--fetched', [CompletionResultType]::ParameterName, 'Stands in for the network: a JSON object from URL to {"file", "status", "authorization"}, files relative to the folder above FILE''s own. OIDC discovery documents, key sets and distributed claims are taken from it; a URL that is not in it is unreachable. Default: nothing is known of the network')
            [CompletionResult]::new('--webhook-answers', '--webhook-answers', [CompletionResultType]::ParameterName, 'Recorded webhook traffic, JSON Lines: SubjectAccessReview or TokenReview objects with their status, or HTTP answers by token. NAME is the webhook''s name in the configuration; may be repeated. What no line answers is unknown')
            [CompletionResult]::new('--assume', '--assume', [CompletionResultType]::ParameterName, 'What a webhook that authorizes is taken to answer where no recorded answer tells: allow, deny, no-opinion or unreachable; may be repeated. NAME is that of the configuration file, default where flags configure it')
            [CompletionResult]::new('--now', '--now', [CompletionResultType]::ParameterName, 'The instant at which everything is judged. Default: the clock')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour in what people read')
            [CompletionResult]::new('--v', '--v', [CompletionResultType]::ParameterName, 'kubectl''s log level; accepted and ignored')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'kubectl''s flag; accepted and ignored, there is no request')
            [CompletionResult]::new('--no-defaults', '--no-defaults', [CompletionResultType]::ParameterName, 'Leave out the built-in roles and bindings of a fresh cluster')
            [CompletionResult]::new('--no-aggregation', '--no-aggregation', [CompletionResultType]::ParameterName, 'Leave aggregated ClusterRoles with the rules that they were written with')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on standard error what was loaded')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on standard error what was loaded')
            [CompletionResult]::new('--warnings-as-errors', '--warnings-as-errors', [CompletionResultType]::ParameterName, 'kubectl''s flag; its own warnings are not the server''s')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'rbac-check;token;help' {
            [CompletionResult]::new('inspect', 'inspect', [CompletionResultType]::ParameterValue, 'What a token is, whose it would be, and what is dangerous about it; nothing is verified')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'What the API server says of a token, as a TokenReview would')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'rbac-check;token;help;inspect' {
            break
        }
        'rbac-check;token;help;verify' {
            break
        }
        'rbac-check;token;help;help' {
            break
        }
        'rbac-check;cert' {
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'A file, a folder (recursive: .yaml .yml .json .jsonl), a pattern, or - for standard input; may be repeated. Default: the `sources` of rbac-check.yaml (here or in a folder above), or the current folder')
            [CompletionResult]::new('--filename', '--filename', [CompletionResultType]::ParameterName, 'A file, a folder (recursive: .yaml .yml .json .jsonl), a pattern, or - for standard input; may be repeated. Default: the `sources` of rbac-check.yaml (here or in a folder above), or the current folder')
            [CompletionResult]::new('--manifest-namespace', '--manifest-namespace', [CompletionResultType]::ParameterName, 'The namespace of loaded namespaced objects that name none')
            [CompletionResult]::new('--apiserver', '--apiserver', [CompletionResultType]::ParameterName, 'The API server''s configuration: a kube-apiserver static pod, a kubeadm ClusterConfiguration, or a file with one --flag=value a line')
            [CompletionResult]::new('--apiserver-flag', '--apiserver-flag', [CompletionResultType]::ParameterName, 'Overrides or adds one flag of the API server; may be repeated')
            [CompletionResult]::new('--root', '--root', [CompletionResultType]::ParameterName, 'Where the files that the API server''s configuration names are found. Default: as they are named, then relative to the folder of the file that names them')
            [CompletionResult]::new('--fetched', '--fetched', [CompletionResultType]::ParameterName, 'Stands in for the network: a JSON object from URL to {"file", "status", "authorization"}, files relative to the folder above FILE''s own. OIDC discovery documents, key sets and distributed claims are taken from it; a URL that is not in it is unreachable. Default: nothing is known of the network')
            [CompletionResult]::new('--webhook-answers', '--webhook-answers', [CompletionResultType]::ParameterName, 'Recorded webhook traffic, JSON Lines: SubjectAccessReview or TokenReview objects with their status, or HTTP answers by token. NAME is the webhook''s name in the configuration; may be repeated. What no line answers is unknown')
            [CompletionResult]::new('--assume', '--assume', [CompletionResultType]::ParameterName, 'What a webhook that authorizes is taken to answer where no recorded answer tells: allow, deny, no-opinion or unreachable; may be repeated. NAME is that of the configuration file, default where flags configure it')
            [CompletionResult]::new('--now', '--now', [CompletionResultType]::ParameterName, 'The instant at which everything is judged. Default: the clock')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour in what people read')
            [CompletionResult]::new('--v', '--v', [CompletionResultType]::ParameterName, 'kubectl''s log level; accepted and ignored')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'kubectl''s flag; accepted and ignored, there is no request')
            [CompletionResult]::new('--no-defaults', '--no-defaults', [CompletionResultType]::ParameterName, 'Leave out the built-in roles and bindings of a fresh cluster')
            [CompletionResult]::new('--no-aggregation', '--no-aggregation', [CompletionResultType]::ParameterName, 'Leave aggregated ClusterRoles with the rules that they were written with')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on standard error what was loaded')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on standard error what was loaded')
            [CompletionResult]::new('--warnings-as-errors', '--warnings-as-errors', [CompletionResultType]::ParameterName, 'kubectl''s flag; its own warnings are not the server''s')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('inspect', 'inspect', [CompletionResultType]::ParameterValue, 'Whose certificates are, how long, for what, and what is dangerous about them')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'What the API server says of a client certificate')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'rbac-check;cert;inspect' {
            [CompletionResult]::new('--expires-in', '--expires-in', [CompletionResultType]::ParameterName, 'Exit with 1 if a certificate other than an authority''s expires within this time, such as 30d or 1d12h (s m h d w y)')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'The form of the answer')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'The form of the answer')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'A file, a folder (recursive: .yaml .yml .json .jsonl), a pattern, or - for standard input; may be repeated. Default: the `sources` of rbac-check.yaml (here or in a folder above), or the current folder')
            [CompletionResult]::new('--filename', '--filename', [CompletionResultType]::ParameterName, 'A file, a folder (recursive: .yaml .yml .json .jsonl), a pattern, or - for standard input; may be repeated. Default: the `sources` of rbac-check.yaml (here or in a folder above), or the current folder')
            [CompletionResult]::new('--manifest-namespace', '--manifest-namespace', [CompletionResultType]::ParameterName, 'The namespace of loaded namespaced objects that name none')
            [CompletionResult]::new('--apiserver', '--apiserver', [CompletionResultType]::ParameterName, 'The API server''s configuration: a kube-apiserver static pod, a kubeadm ClusterConfiguration, or a file with one --flag=value a line')
            [CompletionResult]::new('--apiserver-flag', '--apiserver-flag', [CompletionResultType]::ParameterName, 'Overrides or adds one flag of the API server; may be repeated')
            [CompletionResult]::new('--root', '--root', [CompletionResultType]::ParameterName, 'Where the files that the API server''s configuration names are found. Default: as they are named, then relative to the folder of the file that names them')
            [CompletionResult]::new('--fetched', '--fetched', [CompletionResultType]::ParameterName, 'Stands in for the network: a JSON object from URL to {"file", "status", "authorization"}, files relative to the folder above FILE''s own. OIDC discovery documents, key sets and distributed claims are taken from it; a URL that is not in it is unreachable. Default: nothing is known of the network')
            [CompletionResult]::new('--webhook-answers', '--webhook-answers', [CompletionResultType]::ParameterName, 'Recorded webhook traffic, JSON Lines: SubjectAccessReview or TokenReview objects with their status, or HTTP answers by token. NAME is the webhook''s name in the configuration; may be repeated. What no line answers is unknown')
            [CompletionResult]::new('--assume', '--assume', [CompletionResultType]::ParameterName, 'What a webhook that authorizes is taken to answer where no recorded answer tells: allow, deny, no-opinion or unreachable; may be repeated. NAME is that of the configuration file, default where flags configure it')
            [CompletionResult]::new('--now', '--now', [CompletionResultType]::ParameterName, 'The instant at which everything is judged. Default: the clock')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour in what people read')
            [CompletionResult]::new('--v', '--v', [CompletionResultType]::ParameterName, 'kubectl''s log level; accepted and ignored')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'kubectl''s flag; accepted and ignored, there is no request')
            [CompletionResult]::new('--no-defaults', '--no-defaults', [CompletionResultType]::ParameterName, 'Leave out the built-in roles and bindings of a fresh cluster')
            [CompletionResult]::new('--no-aggregation', '--no-aggregation', [CompletionResultType]::ParameterName, 'Leave aggregated ClusterRoles with the rules that they were written with')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on standard error what was loaded')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on standard error what was loaded')
            [CompletionResult]::new('--warnings-as-errors', '--warnings-as-errors', [CompletionResultType]::ParameterName, 'kubectl''s flag; its own warnings are not the server''s')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'rbac-check;cert;verify' {
            [CompletionResult]::new('--ca', '--ca', [CompletionResultType]::ParameterName, 'The client CA, in PEM, instead of that of --apiserver')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'The form of the answer')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'The form of the answer')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'A file, a folder (recursive: .yaml .yml .json .jsonl), a pattern, or - for standard input; may be repeated. Default: the `sources` of rbac-check.yaml (here or in a folder above), or the current folder')
            [CompletionResult]::new('--filename', '--filename', [CompletionResultType]::ParameterName, 'A file, a folder (recursive: .yaml .yml .json .jsonl), a pattern, or - for standard input; may be repeated. Default: the `sources` of rbac-check.yaml (here or in a folder above), or the current folder')
            [CompletionResult]::new('--manifest-namespace', '--manifest-namespace', [CompletionResultType]::ParameterName, 'The namespace of loaded namespaced objects that name none')
            [CompletionResult]::new('--apiserver', '--apiserver', [CompletionResultType]::ParameterName, 'The API server''s configuration: a kube-apiserver static pod, a kubeadm ClusterConfiguration, or a file with one --flag=value a line')
            [CompletionResult]::new('--apiserver-flag', '--apiserver-flag', [CompletionResultType]::ParameterName, 'Overrides or adds one flag of the API server; may be repeated')
            [CompletionResult]::new('--root', '--root', [CompletionResultType]::ParameterName, 'Where the files that the API server''s configuration names are found. Default: as they are named, then relative to the folder of the file that names them')
            [CompletionResult]::new('--fetched', '--fetched', [CompletionResultType]::ParameterName, 'Stands in for the network: a JSON object from URL to {"file", "status", "authorization"}, files relative to the folder above FILE''s own. OIDC discovery documents, key sets and distributed claims are taken from it; a URL that is not in it is unreachable. Default: nothing is known of the network')
            [CompletionResult]::new('--webhook-answers', '--webhook-answers', [CompletionResultType]::ParameterName, 'Recorded webhook traffic, JSON Lines: SubjectAccessReview or TokenReview objects with their status, or HTTP answers by token. NAME is the webhook''s name in the configuration; may be repeated. What no line answers is unknown')
            [CompletionResult]::new('--assume', '--assume', [CompletionResultType]::ParameterName, 'What a webhook that authorizes is taken to answer where no recorded answer tells: allow, deny, no-opinion or unreachable; may be repeated. NAME is that of the configuration file, default where flags configure it')
            [CompletionResult]::new('--now', '--now', [CompletionResultType]::ParameterName, 'The instant at which everything is judged. Default: the clock')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour in what people read')
            [CompletionResult]::new('--v', '--v', [CompletionResultType]::ParameterName, 'kubectl''s log level; accepted and ignored')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'kubectl''s flag; accepted and ignored, there is no request')
            [CompletionResult]::new('--no-defaults', '--no-defaults', [CompletionResultType]::ParameterName, 'Leave out the built-in roles and bindings of a fresh cluster')
            [CompletionResult]::new('--no-aggregation', '--no-aggregation', [CompletionResultType]::ParameterName, 'Leave aggregated ClusterRoles with the rules that they were written with')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on standard error what was loaded')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on standard error what was loaded')
            [CompletionResult]::new('--warnings-as-errors', '--warnings-as-errors', [CompletionResultType]::ParameterName, 'kubectl''s flag; its own warnings are not the server''s')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'rbac-check;cert;help' {
            [CompletionResult]::new('inspect', 'inspect', [CompletionResultType]::ParameterValue, 'Whose certificates are, how long, for what, and what is dangerous about them')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'What the API server says of a client certificate')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'rbac-check;cert;help;inspect' {
            break
        }
        'rbac-check;cert;help;verify' {
            break
        }
        'rbac-check;cert;help;help' {
            break
        }
        'rbac-check;completions' {
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'A file, a folder (recursive: .yaml .yml .json .jsonl), a pattern, or - for standard input; may be repeated. Default: the `sources` of rbac-check.yaml (here or in a folder above), or the current folder')
            [CompletionResult]::new('--filename', '--filename', [CompletionResultType]::ParameterName, 'A file, a folder (recursive: .yaml .yml .json .jsonl), a pattern, or - for standard input; may be repeated. Default: the `sources` of rbac-check.yaml (here or in a folder above), or the current folder')
            [CompletionResult]::new('--manifest-namespace', '--manifest-namespace', [CompletionResultType]::ParameterName, 'The namespace of loaded namespaced objects that name none')
            [CompletionResult]::new('--apiserver', '--apiserver', [CompletionResultType]::ParameterName, 'The API server''s configuration: a kube-apiserver static pod, a kubeadm ClusterConfiguration, or a file with one --flag=value a line')
            [CompletionResult]::new('--apiserver-flag', '--apiserver-flag', [CompletionResultType]::ParameterName, 'Overrides or adds one flag of the API server; may be repeated')
            [CompletionResult]::new('--root', '--root', [CompletionResultType]::ParameterName, 'Where the files that the API server''s configuration names are found. Default: as they are named, then relative to the folder of the file that names them')
            [CompletionResult]::new('--fetched', '--fetched', [CompletionResultType]::ParameterName, 'Stands in for the network: a JSON object from URL to {"file", "status", "authorization"}, files relative to the folder above FILE''s own. OIDC discovery documents, key sets and distributed claims are taken from it; a URL that is not in it is unreachable. Default: nothing is known of the network')
            [CompletionResult]::new('--webhook-answers', '--webhook-answers', [CompletionResultType]::ParameterName, 'Recorded webhook traffic, JSON Lines: SubjectAccessReview or TokenReview objects with their status, or HTTP answers by token. NAME is the webhook''s name in the configuration; may be repeated. What no line answers is unknown')
            [CompletionResult]::new('--assume', '--assume', [CompletionResultType]::ParameterName, 'What a webhook that authorizes is taken to answer where no recorded answer tells: allow, deny, no-opinion or unreachable; may be repeated. NAME is that of the configuration file, default where flags configure it')
            [CompletionResult]::new('--now', '--now', [CompletionResultType]::ParameterName, 'The instant at which everything is judged. Default: the clock')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour in what people read')
            [CompletionResult]::new('--v', '--v', [CompletionResultType]::ParameterName, 'kubectl''s log level; accepted and ignored')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'kubectl''s flag; accepted and ignored, there is no request')
            [CompletionResult]::new('--no-defaults', '--no-defaults', [CompletionResultType]::ParameterName, 'Leave out the built-in roles and bindings of a fresh cluster')
            [CompletionResult]::new('--no-aggregation', '--no-aggregation', [CompletionResultType]::ParameterName, 'Leave aggregated ClusterRoles with the rules that they were written with')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on standard error what was loaded')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on standard error what was loaded')
            [CompletionResult]::new('--warnings-as-errors', '--warnings-as-errors', [CompletionResultType]::ParameterName, 'kubectl''s flag; its own warnings are not the server''s')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'rbac-check;man' {
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Write the pages to this folder instead')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'A file, a folder (recursive: .yaml .yml .json .jsonl), a pattern, or - for standard input; may be repeated. Default: the `sources` of rbac-check.yaml (here or in a folder above), or the current folder')
            [CompletionResult]::new('--filename', '--filename', [CompletionResultType]::ParameterName, 'A file, a folder (recursive: .yaml .yml .json .jsonl), a pattern, or - for standard input; may be repeated. Default: the `sources` of rbac-check.yaml (here or in a folder above), or the current folder')
            [CompletionResult]::new('--manifest-namespace', '--manifest-namespace', [CompletionResultType]::ParameterName, 'The namespace of loaded namespaced objects that name none')
            [CompletionResult]::new('--apiserver', '--apiserver', [CompletionResultType]::ParameterName, 'The API server''s configuration: a kube-apiserver static pod, a kubeadm ClusterConfiguration, or a file with one --flag=value a line')
            [CompletionResult]::new('--apiserver-flag', '--apiserver-flag', [CompletionResultType]::ParameterName, 'Overrides or adds one flag of the API server; may be repeated')
            [CompletionResult]::new('--root', '--root', [CompletionResultType]::ParameterName, 'Where the files that the API server''s configuration names are found. Default: as they are named, then relative to the folder of the file that names them')
            [CompletionResult]::new('--fetched', '--fetched', [CompletionResultType]::ParameterName, 'Stands in for the network: a JSON object from URL to {"file", "status", "authorization"}, files relative to the folder above FILE''s own. OIDC discovery documents, key sets and distributed claims are taken from it; a URL that is not in it is unreachable. Default: nothing is known of the network')
            [CompletionResult]::new('--webhook-answers', '--webhook-answers', [CompletionResultType]::ParameterName, 'Recorded webhook traffic, JSON Lines: SubjectAccessReview or TokenReview objects with their status, or HTTP answers by token. NAME is the webhook''s name in the configuration; may be repeated. What no line answers is unknown')
            [CompletionResult]::new('--assume', '--assume', [CompletionResultType]::ParameterName, 'What a webhook that authorizes is taken to answer where no recorded answer tells: allow, deny, no-opinion or unreachable; may be repeated. NAME is that of the configuration file, default where flags configure it')
            [CompletionResult]::new('--now', '--now', [CompletionResultType]::ParameterName, 'The instant at which everything is judged. Default: the clock')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour in what people read')
            [CompletionResult]::new('--v', '--v', [CompletionResultType]::ParameterName, 'kubectl''s log level; accepted and ignored')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'kubectl''s flag; accepted and ignored, there is no request')
            [CompletionResult]::new('--no-defaults', '--no-defaults', [CompletionResultType]::ParameterName, 'Leave out the built-in roles and bindings of a fresh cluster')
            [CompletionResult]::new('--no-aggregation', '--no-aggregation', [CompletionResultType]::ParameterName, 'Leave aggregated ClusterRoles with the rules that they were written with')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on standard error what was loaded')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on standard error what was loaded')
            [CompletionResult]::new('--warnings-as-errors', '--warnings-as-errors', [CompletionResultType]::ParameterName, 'kubectl''s flag; its own warnings are not the server''s')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'rbac-check;help' {
            [CompletionResult]::new('can-i', 'can-i', [CompletionResultType]::ParameterValue, 'Whether a user may do something: kubectl auth can-i, offline, with reasons')
            [CompletionResult]::new('who-can', 'who-can', [CompletionResultType]::ParameterValue, 'Every subject that may do something, and through which bindings')
            [CompletionResult]::new('whoami', 'whoami', [CompletionResultType]::ParameterValue, 'The user that the API server makes of a credential, or the 401 and why')
            [CompletionResult]::new('trace', 'trace', [CompletionResultType]::ParameterValue, 'A request through every stage, to the code and the body that the server answers')
            [CompletionResult]::new('review', 'review', [CompletionResultType]::ParameterValue, 'Answer a stream of SubjectAccessReviews')
            [CompletionResult]::new('lint', 'lint', [CompletionResultType]::ParameterValue, 'What is dangerous in the policy: where, why, and what to do about it')
            [CompletionResult]::new('validate', 'validate', [CompletionResultType]::ParameterValue, 'Whether a server would start with a configuration, in its own words')
            [CompletionResult]::new('token', 'token', [CompletionResultType]::ParameterValue, 'What a bearer token is, and what the API server says of it')
            [CompletionResult]::new('cert', 'cert', [CompletionResultType]::ParameterValue, 'Whose client certificates are, and what the API server says of them')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Shell completions, on standard output')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'The manual page, or with --dir a page for each command')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'rbac-check;help;can-i' {
            break
        }
        'rbac-check;help;who-can' {
            break
        }
        'rbac-check;help;whoami' {
            break
        }
        'rbac-check;help;trace' {
            break
        }
        'rbac-check;help;review' {
            break
        }
        'rbac-check;help;lint' {
            break
        }
        'rbac-check;help;validate' {
            break
        }
        'rbac-check;help;token' {
            [CompletionResult]::new('inspect', 'inspect', [CompletionResultType]::ParameterValue, 'What a token is, whose it would be, and what is dangerous about it; nothing is verified')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'What the API server says of a token, as a TokenReview would')
            break
        }
        'rbac-check;help;token;inspect' {
            break
        }
        'rbac-check;help;token;verify' {
            break
        }
        'rbac-check;help;cert' {
            [CompletionResult]::new('inspect', 'inspect', [CompletionResultType]::ParameterValue, 'Whose certificates are, how long, for what, and what is dangerous about them')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'What the API server says of a client certificate')
            break
        }
        'rbac-check;help;cert;inspect' {
            break
        }
        'rbac-check;help;cert;verify' {
            break
        }
        'rbac-check;help;completions' {
            break
        }
        'rbac-check;help;man' {
            break
        }
        'rbac-check;help;help' {
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
