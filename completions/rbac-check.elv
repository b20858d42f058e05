
use builtin;
use str;

set edit:completion:arg-completer[rbac-check] = {|@words|
    fn spaces {|n|
        builtin:repeat $n ' ' | str:join ''
    }
    fn cand {|text desc|
        edit:complex-candidate $text &display=$text' '(spaces (- 14 (wcswidth $text)))$desc
    }
    var command = 'rbac-check'
    for word $words[1..-1] {
        if (str:has-prefix $word '-') {
            break
        }
        set command = $command';'$word
    }
    var completions = [
        &'rbac-check'= {
            cand -f 'A file, a folder (recursive: .yaml .yml .json .jsonl), a pattern, or - for standard input; may be repeated. Default: the current folder'
            cand --filename 'A file, a folder (recursive: .yaml .yml .json .jsonl), a pattern, or - for standard input; may be repeated. Default: the current folder'
            cand --manifest-namespace 'The namespace of loaded namespaced objects that name none'
            cand --apiserver 'The API server''s configuration: a kube-apiserver static pod, a kubeadm ClusterConfiguration, or a file with one --flag=value a line'
            cand --apiserver-flag 'Overrides or adds one flag of the API server; may be repeated'
            cand --root 'Where the files that the API server''s configuration names are found. Default: as they are named, then relative to the folder of the file that names them'
            cand --now 'The instant at which everything is judged. Default: the clock'
            cand --color 'Colour in what people read'
            cand --v 'kubectl''s log level; accepted and ignored'
            cand --request-timeout 'kubectl''s flag; accepted and ignored, there is no request'
            cand --no-defaults 'Leave out the built-in roles and bindings of a fresh cluster'
            cand --no-aggregation 'Leave aggregated ClusterRoles with the rules that they were written with'
            cand -v 'Say on standard error what was loaded'
            cand --verbose 'Say on standard error what was loaded'
            cand --warnings-as-errors 'kubectl''s flag; its own warnings are not the server''s'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand can-i 'Whether a user may do something: kubectl auth can-i, offline, with reasons'
            cand who-can 'Every subject that may do something, and through which bindings'
            cand whoami 'The user that the API server makes of a credential, or the 401 and why'
            cand review 'Answer a stream of SubjectAccessReviews'
            cand validate 'Whether a server would start with a configuration, in its own words'
            cand token 'What a bearer token is, and what the API server says of it'
            cand cert 'Whose client certificates are, and what the API server says of them'
            cand completions 'Shell completions, on standard output'
            cand man 'The manual page, or with --dir a page for each command'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'rbac-check;can-i'= {
            cand -n 'The namespace of the question'
            cand --namespace 'The namespace of the question'
            cand -A 'Ask for all namespaces'
            cand --all-namespaces 'Ask for all namespaces'
            cand --subresource 'The subresource, such as log or scale'
            cand -q 'Print nothing; the exit status answers'
            cand --quiet 'Print nothing; the exit status answers'
            cand --list 'List all that the user may do in the namespace'
            cand --no-headers 'With --list: leave out the head of the table'
            cand --batch 'With --list: answer lines {"id","user","namespace"} of FILE (- is standard input)'
            cand -o 'The form of the answer'
            cand --output 'The form of the answer'
            cand --as 'The user to ask as. Without a credential the asker may impersonate anybody, as an administrator who runs kubectl --as'
            cand --as-group 'A group to ask as; may be repeated'
            cand --as-uid 'A uid to ask as'
            cand --as-user-extra 'An extra value to ask with; may be repeated'
            cand --kubeconfig 'A kubeconfig: its context gives the namespace and the credential. Without a flag that says who asks, the one that kubectl would use'
            cand --context 'The kubeconfig''s context to use instead of its current one'
            cand --user 'The kubeconfig''s user to use instead of the context''s'
            cand --token 'A bearer token'
            cand --token-file 'A file that holds a bearer token; - is standard input'
            cand --client-certificate 'A client certificate in PEM, with its chain'
            cand --user-info 'A UserInfo (JSON or YAML) taken as authenticated'
            cand -f 'A file, a folder (recursive: .yaml .yml .json .jsonl), a pattern, or - for standard input; may be repeated. Default: the current folder'
            cand --filename 'A file, a folder (recursive: .yaml .yml .json .jsonl), a pattern, or - for standard input; may be repeated. Default: the current folder'
            cand --manifest-namespace 'The namespace of loaded namespaced objects that name none'
            cand --apiserver 'The API server''s configuration: a kube-apiserver static pod, a kubeadm ClusterConfiguration, or a file with one --flag=value a line'
            cand --apiserver-flag 'Overrides or adds one flag of the API server; may be repeated'
            cand --root 'Where the files that the API server''s configuration names are found. Default: as they are named, then relative to the folder of the file that names them'
            cand --now 'The instant at which everything is judged. Default: the clock'
            cand --color 'Colour in what people read'
            cand --v 'kubectl''s log level; accepted and ignored'
            cand --request-timeout 'kubectl''s flag; accepted and ignored, there is no request'
            cand --explain 'Say why: every grant, or the nearest misses and the smallest fix'
            cand --no-defaults 'Leave out the built-in roles and bindings of a fresh cluster'
            cand --no-aggregation 'Leave aggregated ClusterRoles with the rules that they were written with'
            cand -v 'Say on standard error what was loaded'
            cand --verbose 'Say on standard error what was loaded'
            cand --warnings-as-errors 'kubectl''s flag; its own warnings are not the server''s'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'rbac-check;who-can'= {
            cand -n 'The namespace of the question'
            cand --namespace 'The namespace of the question'
            cand -A 'In all namespaces at once: what cluster-wide bindings grant'
            cand --all-namespaces 'In all namespaces at once: what cluster-wide bindings grant'
            cand --subresource 'The subresource, such as log or scale'
            cand --batch 'Answer lines {"id","verb","group","resource","subresource","namespace"} of FILE (- is standard input)'
            cand -o 'The form of the answer'
            cand --output 'The form of the answer'
            cand -f 'A file, a folder (recursive: .yaml .yml .json .jsonl), a pattern, or - for standard input; may be repeated. Default: the current folder'
            cand --filename 'A file, a folder (recursive: .yaml .yml .json .jsonl), a pattern, or - for standard input; may be repeated. Default: the current folder'
            cand --manifest-namespace 'The namespace of loaded namespaced objects that name none'
            cand --apiserver 'The API server''s configuration: a kube-apiserver static pod, a kubeadm ClusterConfiguration, or a file with one --flag=value a line'
            cand --apiserver-flag 'Overrides or adds one flag of the API server; may be repeated'
            cand --root 'Where the files that the API server''s configuration names are found. Default: as they are named, then relative to the folder of the file that names them'
            cand --now 'The instant at which everything is judged. Default: the clock'
            cand --color 'Colour in what people read'
            cand --v 'kubectl''s log level; accepted and ignored'
            cand --request-timeout 'kubectl''s flag; accepted and ignored, there is no request'
            cand --no-defaults 'Leave out the built-in roles and bindings of a fresh cluster'
            cand --no-aggregation 'Leave aggregated ClusterRoles with the rules that they were written with'
            cand -v 'Say on standard error what was loaded'
            cand --verbose 'Say on standard error what was loaded'
            cand --warnings-as-errors 'kubectl''s flag; its own warnings are not the server''s'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'rbac-check;whoami'= {
            cand --batch 'Answer lines {"id","credential","request","now"} of FILE (- is standard input)'
            cand -o 'table, json, yaml, name, or jsonpath={.status.userInfo.username}'
            cand --output 'table, json, yaml, name, or jsonpath={.status.userInfo.username}'
            cand -n 'kubectl accepts a namespace here; it changes nothing'
            cand --namespace 'kubectl accepts a namespace here; it changes nothing'
            cand --as 'The user to ask as. Without a credential the asker may impersonate anybody, as an administrator who runs kubectl --as'
            cand --as-group 'A group to ask as; may be repeated'
            cand --as-uid 'A uid to ask as'
            cand --as-user-extra 'An extra value to ask with; may be repeated'
            cand --kubeconfig 'A kubeconfig: its context gives the namespace and the credential. Without a flag that says who asks, the one that kubectl would use'
            cand --context 'The kubeconfig''s context to use instead of its current one'
            cand --user 'The kubeconfig''s user to use instead of the context''s'
            cand --token 'A bearer token'
            cand --token-file 'A file that holds a bearer token; - is standard input'
            cand --client-certificate 'A client certificate in PEM, with its chain'
            cand --user-info 'A UserInfo (JSON or YAML) taken as authenticated'
            cand -f 'A file, a folder (recursive: .yaml .yml .json .jsonl), a pattern, or - for standard input; may be repeated. Default: the current folder'
            cand --filename 'A file, a folder (recursive: .yaml .yml .json .jsonl), a pattern, or - for standard input; may be repeated. Default: the current folder'
            cand --manifest-namespace 'The namespace of loaded namespaced objects that name none'
            cand --apiserver 'The API server''s configuration: a kube-apiserver static pod, a kubeadm ClusterConfiguration, or a file with one --flag=value a line'
            cand --apiserver-flag 'Overrides or adds one flag of the API server; may be repeated'
            cand --root 'Where the files that the API server''s configuration names are found. Default: as they are named, then relative to the folder of the file that names them'
            cand --now 'The instant at which everything is judged. Default: the clock'
            cand --color 'Colour in what people read'
            cand --v 'kubectl''s log level; accepted and ignored'
            cand --request-timeout 'kubectl''s flag; accepted and ignored, there is no request'
            cand --no-defaults 'Leave out the built-in roles and bindings of a fresh cluster'
            cand --no-aggregation 'Leave aggregated ClusterRoles with the rules that they were written with'
            cand -v 'Say on standard error what was loaded'
            cand --verbose 'Say on standard error what was loaded'
            cand --warnings-as-errors 'kubectl''s flag; its own warnings are not the server''s'
            cand -h 'Print help'
            cand --help 'Print help'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'rbac-check;review'= {
            cand -f 'A file, a folder (recursive: .yaml .yml .json .jsonl), a pattern, or - for standard input; may be repeated. Default: the current folder'
            cand --filename 'A file, a folder (recursive: .yaml .yml .json .jsonl), a pattern, or - for standard input; may be repeated. Default: the current folder'
            cand --manifest-namespace 'The namespace of loaded namespaced objects that name none'
            cand --apiserver 'The API server''s configuration: a kube-apiserver static pod, a kubeadm ClusterConfiguration, or a file with one --flag=value a line'
            cand --apiserver-flag 'Overrides or adds one flag of the API server; may be repeated'
            cand --root 'Where the files that the API server''s configuration names are found. Default: as they are named, then relative to the folder of the file that names them'
            cand --now 'The instant at which everything is judged. Default: the clock'
            cand --color 'Colour in what people read'
            cand --v 'kubectl''s log level; accepted and ignored'
            cand --request-timeout 'kubectl''s flag; accepted and ignored, there is no request'
            cand --no-defaults 'Leave out the built-in roles and bindings of a fresh cluster'
            cand --no-aggregation 'Leave aggregated ClusterRoles with the rules that they were written with'
            cand -v 'Say on standard error what was loaded'
            cand --verbose 'Say on standard error what was loaded'
            cand --warnings-as-errors 'kubectl''s flag; its own warnings are not the server''s'
            cand -h 'Print help'
            cand --help 'Print help'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'rbac-check;validate'= {
            cand -o 'The form of the answer'
            cand --output 'The form of the answer'
            cand -f 'A file, a folder (recursive: .yaml .yml .json .jsonl), a pattern, or - for standard input; may be repeated. Default: the current folder'
            cand --filename 'A file, a folder (recursive: .yaml .yml .json .jsonl), a pattern, or - for standard input; may be repeated. Default: the current folder'
            cand --manifest-namespace 'The namespace of loaded namespaced objects that name none'
            cand --apiserver 'The API server''s configuration: a kube-apiserver static pod, a kubeadm ClusterConfiguration, or a file with one --flag=value a line'
            cand --apiserver-flag 'Overrides or adds one flag of the API server; may be repeated'
            cand --root 'Where the files that the API server''s configuration names are found. Default: as they are named, then relative to the folder of the file that names them'
            cand --now 'The instant at which everything is judged. Default: the clock'
            cand --color 'Colour in what people read'
            cand --v 'kubectl''s log level; accepted and ignored'
            cand --request-timeout 'kubectl''s flag; accepted and ignored, there is no request'
            cand --no-defaults 'Leave out the built-in roles and bindings of a fresh cluster'
            cand --no-aggregation 'Leave aggregated ClusterRoles with the rules that they were written with'
            cand -v 'Say on standard error what was loaded'
            cand --verbose 'Say on standard error what was loaded'
            cand --warnings-as-errors 'kubectl''s flag; its own warnings are not the server''s'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'rbac-check;token'= {
            cand -f 'A file, a folder (recursive: .yaml .yml .json .jsonl), a pattern, or - for standard input; may be repeated. Default: the current folder'
            cand --filename 'A file, a folder (recursive: .yaml .yml .json .jsonl), a pattern, or - for standard input; may be repeated. Default: the current folder'
            cand --manifest-namespace 'The namespace of loaded namespaced objects that name none'
            cand --apiserver 'The API server''s configuration: a kube-apiserver static pod, a kubeadm ClusterConfiguration, or a file with one --flag=value a line'
            cand --apiserver-flag 'Overrides or adds one flag of the API server; may be repeated'
            cand --root 'Where the files that the API server''s configuration names are found. Default: as they are named, then relative to the folder of the file that names them'
            cand --now 'The instant at which everything is judged. Default: the clock'
            cand --color 'Colour in what people read'
            cand --v 'kubectl''s log level; accepted and ignored'
            cand --request-timeout 'kubectl''s flag; accepted and ignored, there is no request'
            cand --no-defaults 'Leave out the built-in roles and bindings of a fresh cluster'
            cand --no-aggregation 'Leave aggregated ClusterRoles with the rules that they were written with'
            cand -v 'Say on standard error what was loaded'
            cand --verbose 'Say on standard error what was loaded'
            cand --warnings-as-errors 'kubectl''s flag; its own warnings are not the server''s'
            cand -h 'Print help'
            cand --help 'Print help'
            cand -V 'Print version'
            cand --version 'Print version'
            cand inspect 'What a token is, whose it would be, and what is dangerous about it; nothing is verified'
            cand verify 'What the API server says of a token, as a TokenReview would'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'rbac-check;token;inspect'= {
            cand --token 'The token itself; other processes of the machine see it'
            cand --token-file 'A file that holds the token; - is standard input'
            cand --kubeconfig 'A kubeconfig that holds the token or names its file'
            cand --context 'The kubeconfig''s context to use instead of its current one'
            cand --user 'The kubeconfig''s user to use instead of the context''s'
            cand -o 'The form of the answer'
            cand --output 'The form of the answer'
            cand -f 'A file, a folder (recursive: .yaml .yml .json .jsonl), a pattern, or - for standard input; may be repeated. Default: the current folder'
            cand --filename 'A file, a folder (recursive: .yaml .yml .json .jsonl), a pattern, or - for standard input; may be repeated. Default: the current folder'
            cand --manifest-namespace 'The namespace of loaded namespaced objects that name none'
            cand --apiserver 'The API server''s configuration: a kube-apiserver static pod, a kubeadm ClusterConfiguration, or a file with one --flag=value a line'
            cand --apiserver-flag 'Overrides or adds one flag of the API server; may be repeated'
            cand --root 'Where the files that the API server''s configuration names are found. Default: as they are named, then relative to the folder of the file that names them'
            cand --now 'The instant at which everything is judged. Default: the clock'
            cand --color 'Colour in what people read'
            cand --v 'kubectl''s log level; accepted and ignored'
            cand --request-timeout 'kubectl''s flag; accepted and ignored, there is no request'
            cand --show-token 'Print the token itself, too'
            cand --no-defaults 'Leave out the built-in roles and bindings of a fresh cluster'
            cand --no-aggregation 'Leave aggregated ClusterRoles with the rules that they were written with'
            cand -v 'Say on standard error what was loaded'
            cand --verbose 'Say on standard error what was loaded'
            cand --warnings-as-errors 'kubectl''s flag; its own warnings are not the server''s'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'rbac-check;token;verify'= {
            cand --token 'The token itself; other processes of the machine see it'
            cand --token-file 'A file that holds the token; - is standard input'
            cand --kubeconfig 'A kubeconfig that holds the token or names its file'
            cand --context 'The kubeconfig''s context to use instead of its current one'
            cand --user 'The kubeconfig''s user to use instead of the context''s'
            cand --audience 'An audience that the token must be for, as spec.audiences of a TokenReview; may be repeated. Default: those of the API'
            cand -o 'The form of the answer'
            cand --output 'The form of the answer'
            cand -f 'A file, a folder (recursive: .yaml .yml .json .jsonl), a pattern, or - for standard input; may be repeated. Default: the current folder'
            cand --filename 'A file, a folder (recursive: .yaml .yml .json .jsonl), a pattern, or - for standard input; may be repeated. Default: the current folder'
            cand --manifest-namespace 'The namespace of loaded namespaced objects that name none'
            cand --apiserver 'The API server''s configuration: a kube-apiserver static pod, a kubeadm ClusterConfiguration, or a file with one --flag=value a line'
            cand --apiserver-flag 'Overrides or adds one flag of the API server; may be repeated'
            cand --root 'Where the files that the API server''s configuration names are found. Default: as they are named, then relative to the folder of the file that names them'
            cand --now 'The instant at which everything is judged. Default: the clock'
            cand --color 'Colour in what people read'
            cand --v 'kubectl''s log level; accepted and ignored'
            cand --request-timeout 'kubectl''s flag; accepted and ignored, there is no request'
            cand --no-defaults 'Leave out the built-in roles and bindings of a fresh cluster'
            cand --no-aggregation 'Leave aggregated ClusterRoles with the rules that they were written with'
            cand -v 'Say on standard error what was loaded'
            cand --verbose 'Say on standard error what was loaded'
            cand --warnings-as-errors 'kubectl''s flag; its own warnings are not the server''s'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'rbac-check;token;help'= {
            cand inspect 'What a token is, whose it would be, and what is dangerous about it; nothing is verified'
            cand verify 'What the API server says of a token, as a TokenReview would'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'rbac-check;token;help;inspect'= {
        }
        &'rbac-check;token;help;verify'= {
        }
        &'rbac-check;token;help;help'= {
        }
        &'rbac-check;cert'= {
            cand -f 'A file, a folder (recursive: .yaml .yml .json .jsonl), a pattern, or - for standard input; may be repeated. Default: the current folder'
            cand --filename 'A file, a folder (recursive: .yaml .yml .json .jsonl), a pattern, or - for standard input; may be repeated. Default: the current folder'
            cand --manifest-namespace 'The namespace of loaded namespaced objects that name none'
            cand --apiserver 'The API server''s configuration: a kube-apiserver static pod, a kubeadm ClusterConfiguration, or a file with one --flag=value a line'
            cand --apiserver-flag 'Overrides or adds one flag of the API server; may be repeated'
            cand --root 'Where the files that the API server''s configuration names are found. Default: as they are named, then relative to the folder of the file that names them'
            cand --now 'The instant at which everything is judged. Default: the clock'
            cand --color 'Colour in what people read'
            cand --v 'kubectl''s log level; accepted and ignored'
            cand --request-timeout 'kubectl''s flag; accepted and ignored, there is no request'
            cand --no-defaults 'Leave out the built-in roles and bindings of a fresh cluster'
            cand --no-aggregation 'Leave aggregated ClusterRoles with the rules that they were written with'
            cand -v 'Say on standard error what was loaded'
            cand --verbose 'Say on standard error what was loaded'
            cand --warnings-as-errors 'kubectl''s flag; its own warnings are not the server''s'
            cand -h 'Print help'
            cand --help 'Print help'
            cand -V 'Print version'
            cand --version 'Print version'
            cand inspect 'Whose certificates are, how long, for what, and what is dangerous about them'
            cand verify 'What the API server says of a client certificate'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'rbac-check;cert;inspect'= {
            cand --expires-in 'Exit with 1 if a certificate other than an authority''s expires within this time, such as 30d or 1d12h (s m h d w y)'
            cand -o 'The form of the answer'
            cand --output 'The form of the answer'
            cand -f 'A file, a folder (recursive: .yaml .yml .json .jsonl), a pattern, or - for standard input; may be repeated. Default: the current folder'
            cand --filename 'A file, a folder (recursive: .yaml .yml .json .jsonl), a pattern, or - for standard input; may be repeated. Default: the current folder'
            cand --manifest-namespace 'The namespace of loaded namespaced objects that name none'
            cand --apiserver 'The API server''s configuration: a kube-apiserver static pod, a kubeadm ClusterConfiguration, or a file with one --flag=value a line'
            cand --apiserver-flag 'Overrides or adds one flag of the API server; may be repeated'
            cand --root 'Where the files that the API server''s configuration names are found. Default: as they are named, then relative to the folder of the file that names them'
            cand --now 'The instant at which everything is judged. Default: the clock'
            cand --color 'Colour in what people read'
            cand --v 'kubectl''s log level; accepted and ignored'
            cand --request-timeout 'kubectl''s flag; accepted and ignored, there is no request'
            cand --no-defaults 'Leave out the built-in roles and bindings of a fresh cluster'
            cand --no-aggregation 'Leave aggregated ClusterRoles with the rules that they were written with'
            cand -v 'Say on standard error what was loaded'
            cand --verbose 'Say on standard error what was loaded'
            cand --warnings-as-errors 'kubectl''s flag; its own warnings are not the server''s'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'rbac-check;cert;verify'= {
            cand --ca 'The client CA, in PEM, instead of that of --apiserver'
            cand -o 'The form of the answer'
            cand --output 'The form of the answer'
            cand -f 'A file, a folder (recursive: .yaml .yml .json .jsonl), a pattern, or - for standard input; may be repeated. Default: the current folder'
            cand --filename 'A file, a folder (recursive: .yaml .yml .json .jsonl), a pattern, or - for standard input; may be repeated. Default: the current folder'
            cand --manifest-namespace 'The namespace of loaded namespaced objects that name none'
            cand --apiserver 'The API server''s configuration: a kube-apiserver static pod, a kubeadm ClusterConfiguration, or a file with one --flag=value a line'
            cand --apiserver-flag 'Overrides or adds one flag of the API server; may be repeated'
            cand --root 'Where the files that the API server''s configuration names are found. Default: as they are named, then relative to the folder of the file that names them'
            cand --now 'The instant at which everything is judged. Default: the clock'
            cand --color 'Colour in what people read'
            cand --v 'kubectl''s log level; accepted and ignored'
            cand --request-timeout 'kubectl''s flag; accepted and ignored, there is no request'
            cand --no-defaults 'Leave out the built-in roles and bindings of a fresh cluster'
            cand --no-aggregation 'Leave aggregated ClusterRoles with the rules that they were written with'
            cand -v 'Say on standard error what was loaded'
            cand --verbose 'Say on standard error what was loaded'
            cand --warnings-as-errors 'kubectl''s flag; its own warnings are not the server''s'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'rbac-check;cert;help'= {
            cand inspect 'Whose certificates are, how long, for what, and what is dangerous about them'
            cand verify 'What the API server says of a client certificate'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'rbac-check;cert;help;inspect'= {
        }
        &'rbac-check;cert;help;verify'= {
        }
        &'rbac-check;cert;help;help'= {
        }
        &'rbac-check;completions'= {
            cand -f 'A file, a folder (recursive: .yaml .yml .json .jsonl), a pattern, or - for standard input; may be repeated. Default: the current folder'
            cand --filename 'A file, a folder (recursive: .yaml .yml .json .jsonl), a pattern, or - for standard input; may be repeated. Default: the current folder'
            cand --manifest-namespace 'The namespace of loaded namespaced objects that name none'
            cand --apiserver 'The API server''s configuration: a kube-apiserver static pod, a kubeadm ClusterConfiguration, or a file with one --flag=value a line'
            cand --apiserver-flag 'Overrides or adds one flag of the API server; may be repeated'
            cand --root 'Where the files that the API server''s configuration names are found. Default: as they are named, then relative to the folder of the file that names them'
            cand --now 'The instant at which everything is judged. Default: the clock'
            cand --color 'Colour in what people read'
            cand --v 'kubectl''s log level; accepted and ignored'
            cand --request-timeout 'kubectl''s flag; accepted and ignored, there is no request'
            cand --no-defaults 'Leave out the built-in roles and bindings of a fresh cluster'
            cand --no-aggregation 'Leave aggregated ClusterRoles with the rules that they were written with'
            cand -v 'Say on standard error what was loaded'
            cand --verbose 'Say on standard error what was loaded'
            cand --warnings-as-errors 'kubectl''s flag; its own warnings are not the server''s'
            cand -h 'Print help'
            cand --help 'Print help'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'rbac-check;man'= {
            cand --dir 'Write the pages to this folder instead'
            cand -f 'A file, a folder (recursive: .yaml .yml .json .jsonl), a pattern, or - for standard input; may be repeated. Default: the current folder'
            cand --filename 'A file, a folder (recursive: .yaml .yml .json .jsonl), a pattern, or - for standard input; may be repeated. Default: the current folder'
            cand --manifest-namespace 'The namespace of loaded namespaced objects that name none'
            cand --apiserver 'The API server''s configuration: a kube-apiserver static pod, a kubeadm ClusterConfiguration, or a file with one --flag=value a line'
            cand --apiserver-flag 'Overrides or adds one flag of the API server; may be repeated'
            cand --root 'Where the files that the API server''s configuration names are found. Default: as they are named, then relative to the folder of the file that names them'
            cand --now 'The instant at which everything is judged. Default: the clock'
            cand --color 'Colour in what people read'
            cand --v 'kubectl''s log level; accepted and ignored'
            cand --request-timeout 'kubectl''s flag; accepted and ignored, there is no request'
            cand --no-defaults 'Leave out the built-in roles and bindings of a fresh cluster'
            cand --no-aggregation 'Leave aggregated ClusterRoles with the rules that they were written with'
            cand -v 'Say on standard error what was loaded'
            cand --verbose 'Say on standard error what was loaded'
            cand --warnings-as-errors 'kubectl''s flag; its own warnings are not the server''s'
            cand -h 'Print help'
            cand --help 'Print help'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'rbac-check;help'= {
            cand can-i 'Whether a user may do something: kubectl auth can-i, offline, with reasons'
            cand who-can 'Every subject that may do something, and through which bindings'
            cand whoami 'The user that the API server makes of a credential, or the 401 and why'
            cand review 'Answer a stream of SubjectAccessReviews'
            cand validate 'Whether a server would start with a configuration, in its own words'
            cand token 'What a bearer token is, and what the API server says of it'
            cand cert 'Whose client certificates are, and what the API server says of them'
            cand completions 'Shell completions, on standard output'
            cand man 'The manual page, or with --dir a page for each command'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'rbac-check;help;can-i'= {
        }
        &'rbac-check;help;who-can'= {
        }
        &'rbac-check;help;whoami'= {
        }
        &'rbac-check;help;review'= {
        }
        &'rbac-check;help;validate'= {
        }
        &'rbac-check;help;token'= {
            cand inspect 'What a token is, whose it would be, and what is dangerous about it; nothing is verified'
            cand verify 'What the API server says of a token, as a TokenReview would'
        }
        &'rbac-check;help;token;inspect'= {
        }
        &'rbac-check;help;token;verify'= {
        }
        &'rbac-check;help;cert'= {
            cand inspect 'Whose certificates are, how long, for what, and what is dangerous about them'
            cand verify 'What the API server says of a client certificate'
        }
        &'rbac-check;help;cert;inspect'= {
        }
        &'rbac-check;help;cert;verify'= {
        }
        &'rbac-check;help;completions'= {
        }
        &'rbac-check;help;man'= {
        }
        &'rbac-check;help;help'= {
        }
    ]
    $completions[$command]
}
