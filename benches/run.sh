#!/usr/bin/env bash
# How fast Laman is, and against what: every row that README.md has under "How fast it is", with its bar and whether it was met.
#
# One machine, loopback only. Servers are pinned to core 0 and load (one thread of wrk) to core 1; loads that are compared
# take turns, and what counts is the median of the rounds. Blogs are made once and kept in target/bench, by size and schema.
#
#   benches/run.sh [readme]     with `readme`, the table also goes into README.md
#   BENCH_SECONDS=5             of each load, 10 at most
#   BENCH_ROUNDS=5
#   BENCH_TEXTS=DIR             a folder of Markdown posts to make the blogs of; else they are made of a few sentences
#   BENCH_LAMAN=FILE            this program, instead of building it
#   BENCH_QUICK=1               1 round of 1 s on small blogs: shows that everything runs, and measures nothing
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD
PATH=$PATH:/usr/sbin

if [ -n "${BENCH_QUICK:-}" ]; then
    seconds=1 rounds=1 many=10000
else
    seconds=${BENCH_SECONDS:-5} rounds=${BENCH_ROUNDS:-5} many=100000
fi
few=1000
if [ "$seconds" -lt 1 ] || [ "$seconds" -gt 10 ]; then
    echo 'BENCH_SECONDS: 1 to 10, please' >&2
    exit 1
fi
# A page that is not kept needs no more to show its median.
short=$((seconds < 2 ? seconds : 2))
texts=${BENCH_TEXTS:+$(realpath "$BENCH_TEXTS")}
owner=owner@blog.example
password='tujuh burung di atas pagar'

# Apart: features that only tests ask for must not get into the program.
[ -n "${BENCH_LAMAN:-}" ] || cargo build --release --locked --bin laman
cargo build --release --locked --example yardstick
built=$(realpath "${CARGO_TARGET_DIR:-target}")
laman=$(realpath "${BENCH_LAMAN:-$built/release/laman}")
yardstick=$built/release/examples/yardstick
kept=$built/bench
mkdir -p "$kept"
table=$kept/table.md

# Beside the blogs: on the disk that is measured, never in memory.
folder=$(mktemp -d "$kept/run.XXXXXX")
started=()
end() {
    local status=$?
    [ ${#started[@]} = 0 ] || kill "${started[@]}" 2>/dev/null || true
    wait
    rm -rf "$folder"
    exit "$status"
}
trap end EXIT
trap 'exit 130' INT TERM
chmod 755 "$folder"
cd "$folder"

fail() {
    echo "bench: $*" >&2
    [ ! -s log ] || tail -n 5 log >&2
    exit 1
}

# Asks until the answer is yes, for ten seconds at most.
until_is() {
    for _ in $(seq 200); do
        if "$@" 2>/dev/null; then return; fi
        sleep 0.05
    done
    fail "waited in vain: $*"
}

# Calculates with awk: `calc 'a / b' a=1 b=2`.
calc() {
    local formula=$1
    shift
    local given=()
    for one in "$@"; do given+=(-v "$one"); done
    awk "${given[@]}" "BEGIN { print ($formula) }"
}
fixed() { calc "sprintf(\"%.$1f\", value)" "value=$2"; }
median() { sort -n | awk '{ value[NR] = $1 } END { print NR % 2 ? value[(NR + 1) / 2] : (value[NR / 2] + value[NR / 2 + 1]) / 2 }'; }

### The table

# what | against | measured | ratio | bar | met; `met` is an awk condition.
row() {
    local met=no
    [ "$(calc "($6) ? 1 : 0")" = 1 ] && met=yes
    [ $met = yes ] || met='**no**'
    printf '| %s | %s | %s | %s | %s | %s |\n' "$1" "$2" "$3" "$4" "$5" "$met" | tee -a "$table"
}

{
    printf '%s, %s, Linux %s; %s rounds of %s s' \
        "$(sed -n '/^model name/ { s/.*: //p; q }' /proc/cpuinfo)" "$(nproc) cores" "$(uname -r)" "$rounds" "$seconds"
    [ -z "${BENCH_QUICK:-}" ] || printf ' (quick: shows that everything runs, and measures nothing)'
    printf '\n\n| what | against | measured | ratio | bar | met |\n| --- | --- | --- | --- | --- | --- |\n'
} | tee "$table"

### Servers

# Started, killed at the end; it says where it listens. The process is $pid, its address $url.
servers=0
serve() {
    local said=said-$((++servers))
    "$@" >"$said" 2>>log &
    pid=$!
    started+=("$pid")
    until_is grep -q '^listening on ' "$said"
    url=$(sed -n 's/^listening on //p' "$said")
}
pinned() { serve taskset -c 0 "$@"; }
laman() { pinned "$laman" serve --listen 127.0.0.1:0 --log-level warn --trusted-proxies 127.0.0.1 --database "$1"; }

# Ends one well, so that its database is one file again.
stop() {
    kill "$1"
    wait "$1" || true
    local left=()
    for one in "${started[@]}"; do [ "$one" = "$1" ] || left+=("$one"); done
    started=(${left[@]+"${left[@]}"})
}

curl=(curl --silent --show-error --fail)

# Serves the folder `files` with nginx, tuned, on the first port that nobody answers at.
nginx_url=
start_nginx() {
    local port
    for port in $(seq 18080 18180); do
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
    done
    cat >nginx.conf <<CONF
load_module $(ls /usr/lib/nginx/modules/ngx_http_brotli_static_module.so);
user $(id -un) $(id -gn);
worker_processes 1;
worker_rlimit_nofile 65536;
pid $folder/nginx.pid;
error_log $folder/nginx.log;
daemon off;
events { worker_connections 1024; multi_accept on; use epoll; }
http {
    access_log off;
    types { text/html html; }
    charset utf-8;
    sendfile on;
    tcp_nopush on;
    tcp_nodelay on;
    keepalive_timeout 600s;
    keepalive_requests 1000000000;
    open_file_cache max=1000 inactive=600s;
    open_file_cache_valid 600s;
    gzip_static on;
    brotli_static on;
    client_body_temp_path $folder/t1; proxy_temp_path $folder/t2; fastcgi_temp_path $folder/t3;
    uwsgi_temp_path $folder/t4; scgi_temp_path $folder/t5;
    server { listen 127.0.0.1:$port backlog=4096; root $folder/files; }
}
CONF
    taskset -c 0 nginx -e "$folder/nginx.log" -c "$folder/nginx.conf" 2>>log &
    started+=($!)
    nginx_url=http://127.0.0.1:$port
    until_is "${curl[@]}" --output /dev/null "$nginx_url/page.html"
}

### Loads

# load CONNECTIONS SECONDS URL KIND [wrk's options… --] [ARGUMENT…]: sets requests per second, p50 and p99 (µs). A failure ends the run.
load() {
    local connections=$1 time=$2 address=$3 kind=$4
    shift 4
    local options=()
    while [ $# -gt 0 ] && [ "$1" != -- ]; do options+=("$1"); shift; done
    [ $# = 0 ] || shift
    taskset -c 1 wrk -t1 "-c$connections" "-d${time}s" --timeout 30s --latency -s "$root/benches/load.lua" \
        ${options[@]+"${options[@]}"} "$address" -- "$kind" "$@" >wrk.txt
    read -r requests took failures p50 p99 < <(sed -n 's/^measured //p' wrk.txt) || fail "wrk measured nothing at $address"
    [ "${failures:-1}" = 0 ] || { cat wrk.txt >&2; fail "$failures failures at $address"; }
    [ "$requests" -gt 0 ] || fail "nothing came back from $address in $time s"
    persecond=$(calc 'requests / took' requests="$requests" took="$took")
}

# Notes what a load measured under a name; `of` gives the median of the rounds.
note() { echo "$2" >>"notes-$1"; }
of() { median <"notes-$1"; }

# row for two speeds: what, against, ours, theirs, least ratio.
row_of_speeds() {
    local ratio
    ratio=$(calc 'ours / theirs' ours="$3" theirs="$4")
    row "$1" "$2" "$(fixed 0 "$3") / $(fixed 0 "$4") a second" "$(fixed 2 "$ratio")" "at least $5" "$ratio >= $5"
}

### Blogs

# Made once for each size, schema and generator; $made is the file, closed.
make_blog() {
    local posts=$1 comments=$2 key
    key=$(cat "$root"/migrations/*.sql "$root"/benches/yardstick/{blog,generate}.rs <(echo "$texts") | sha256sum | cut -c 1-12)
    made=$kept/blog-$posts-$comments-$key.db
    [ ! -e "$made" ] || return 0
    echo "making a blog of $posts posts and $comments comments" >&2
    rm -f "$made".making*
    "$yardstick" generate "$made.making" --posts "$posts" --comments "$comments" ${texts:+--texts "$texts"}
    mv "$made.making" "$made"
}
make_blog $few $((few * 10))
few_blog=$made
make_blog $many $((many * 10))
many_blog=$made

# Where the pages of a blog are: sets post, older, common_tag, rare_tag, common_word, rare_word, ids.
post='' older='' common_tag='' rare_tag='' common_word='' rare_word='' ids=''
addresses() { eval "$("$yardstick" addresses "$1" --posts "$2")"; }
addresses "$few_blog" $few
read -r -a commented <<<"$ids"

### A page that is kept

cp "$few_blog" reading.db
laman reading.db
blog=$url reading=$pid
page=$blog$post
mkdir files
tag=$("${curl[@]}" -H 'Accept-Encoding: br' -D - -o files/page.html.br "$page" | tr -d '\r' | sed -n 's/^etag: //ip')
"${curl[@]}" -H 'Accept-Encoding: gzip' -o files/page.html.gz "$page"
"${curl[@]}" -o files/page.html "$page"
pinned "$yardstick" bare --from "$page"
bare=$url
start_nginx

"${curl[@]}" -H 'Accept-Encoding: br' "$bare" | cmp - files/page.html.br || fail 'bare axum sends another page'
for encoding in br gzip; do
    "${curl[@]}" -H "Accept-Encoding: $encoding" -o /dev/null -D - "$nginx_url/page.html" |
        grep -qi "^content-encoding: $encoding" || fail "nginx does not send $encoding"
done
for address in "$page" "$bare"; do
    status=$(curl -sS -o /dev/null -w '%{http_code}' -H 'Accept-Encoding: br' -H "If-None-Match: $tag" "$address")
    [ "$status" = 304 ] || fail "$address answers $status to its own ETag"
done

br=(-H 'Accept-Encoding: br')
gzip=(-H 'Accept-Encoding: gzip')
has_it=(-H 'Accept-Encoding: br' -H "If-None-Match: $tag")
for address in "$page" "$bare" "$nginx_url/page.html"; do load 64 1 "$address" page "${br[@]}"; done
for _ in $(seq "$rounds"); do
    load 64 "$seconds" "$page" page "${br[@]}"
    note laman-br "$persecond"; note laman-p99 "$p99"
    load 64 "$seconds" "$bare" page "${br[@]}"
    note bare-br "$persecond"; note bare-p99 "$p99"
    load 64 "$seconds" "$nginx_url/page.html" page "${br[@]}"
    note nginx-br "$persecond"
    load 64 "$seconds" "$page" page "${gzip[@]}"
    note laman-gzip "$persecond"
    load 64 "$seconds" "$nginx_url/page.html" page "${gzip[@]}"
    note nginx-gzip "$persecond"
    load 64 "$seconds" "$page" page "${has_it[@]}"
    note laman-304 "$persecond"
    load 64 "$seconds" "$bare" page "${has_it[@]}"
    note bare-304 "$persecond"
done
bytes=$(stat -c %s files/page.html.br)
row_of_speeds "kept post page, br ($bytes bytes), 64 connections" 'bare axum' "$(of laman-br)" "$(of bare-br)" 0.95
row_of_speeds 'the same' 'nginx, brotli_static' "$(of laman-br)" "$(of nginx-br)" 1.2
row_of_speeds 'the same, gzip' 'nginx, gzip_static' "$(of laman-gzip)" "$(of nginx-gzip)" 1.0
row_of_speeds '304 on the same' 'bare axum' "$(of laman-304)" "$(of bare-304)" 0.95
ratio=$(calc 'ours / theirs' ours="$(of laman-p99)" theirs="$(of bare-p99)")
row 'p99 of the kept page, br' 'bare axum' "$(of laman-p99) / $(of bare-p99) µs" "$(fixed 2 "$ratio")" 'at most 1.3' "$ratio <= 1.3"

### The same while comments arrive on other posts

# Sixteen connections with 50 ms on average between two comments: some 300 a second, from core 1 as well.
comments_meanwhile() {
    taskset -c 1 wrk -t1 -c16 "-d$((seconds + 2))s" --timeout 30s -s "$root/benches/load.lua" "$blog" -- \
        comments 50 "meanwhile $1" "${commented[@]}" >meanwhile.txt
}
for round in $(seq "$rounds"); do
    load 64 "$seconds" "$page" page "${br[@]}"
    note alone-p99 "$p99"
    comments_meanwhile "$round" &
    writing=$!
    started+=("$writing")
    sleep 1
    load 64 "$seconds" "$page" page "${br[@]}"
    note meanwhile-p99 "$p99"
    wait "$writing"
    unset 'started[-1]'
    read -r requests took failures _ < <(sed -n 's/^measured //p' meanwhile.txt) || fail 'wrk measured no comments'
    [ "$failures" = 0 ] || fail "$failures of the comments meanwhile failed"
    note meanwhile-comments "$(calc 'requests / took' requests="$requests" took="$took")"
done
ratio=$(calc 'ours / theirs' ours="$(of meanwhile-p99)" theirs="$(of alone-p99)")
row "p99 of the kept page while $(fixed 0 "$(of meanwhile-comments)") comments a second arrive on other posts" 'without them' \
    "$(of meanwhile-p99) / $(of alone-p99) µs" "$(fixed 2 "$ratio")" 'at most 2' "$ratio <= 2"
stop "$reading"

### Pages that are not kept, in a small blog and in a large one

uncached() { LAMAN_CACHE_SIZE=0 laman "$1"; }
cp "$few_blog" few.db
uncached few.db
few_url=$url few_pid=$pid
uncached "$many_blog"
many_url=$url many_pid=$pid

# Prints the cookie of the owner's session.
sign_in() {
    "${curl[@]}" -o /dev/null -c jar --data-urlencode "email=$owner" --data-urlencode "password=$password" "$1/admin/sign-in"
    awk '$6 == "laman" { print "laman=" $7 }' jar
}
few_cookie=$(sign_in "$few_url")
many_cookie=$(sign_in "$many_url")
if [ -z "$few_cookie" ] || [ -z "$many_cookie" ]; then fail 'signing in gave no cookie'; fi

# Every address that a sitemap or its index names, without the host.
links_of() { "${curl[@]}" "$1$2" | tr '>' '\n' | sed -n "s|^$1\\(/[^<]*\\)<.*|\\1|p"; }
# The first part of a sitemap that has parts.
part_of() { links_of "$1" /sitemap.xml | sed -n '1 { /^\/sitemap/p }'; }

few_pages=("$post" "$older" "$common_tag" "$rare_tag" "$common_word" "$rare_word" "$(part_of "$few_url")")
addresses "$many_blog" $many
many_pages=("$post" "$older" "$common_tag" "$rare_tag" "$common_word" "$rare_word" "$(part_of "$many_url")")

micro() { calc 'sprintf(one < 9950 ? "%.2f" : "%.0f", one / 1000)' "one=$1"; }

# compare WHAT FEW-ADDRESS MANY-ADDRESS KIND: time of a page alone and at saturation.
compare() {
    local name=$1 size one eight
    local -A at=([few]=$few_url$2 [many]=$many_url$3) cookie=([few]=$few_cookie [many]=$many_cookie)
    rm -f notes-one-* notes-eight-* notes-p99-*
    for size in few many; do load 1 1 "${at[$size]}" "$4" -H "Cookie: ${cookie[$size]}"; done
    for _ in $(seq "$rounds"); do
        for size in few many; do
            load 1 "$short" "${at[$size]}" "$4" -H "Cookie: ${cookie[$size]}"
            note one-$size "$p50"; note p99-$size "$p99"
            load 8 "$short" "${at[$size]}" "$4" -H "Cookie: ${cookie[$size]}"
            note eight-$size "$(calc '1e6 / persecond' persecond="$persecond")"
        done
    done
    one=$(calc 'many / few' many="$(of one-many)" few="$(of one-few)")
    eight=$(calc 'many / few' many="$(of eight-many)" few="$(of eight-few)")
    row "$name, not kept, $many posts: ms alone; at saturation" "$few posts" \
        "$(micro "$(of one-many)") / $(micro "$(of one-few)"); $(micro "$(of eight-many)") / $(micro "$(of eight-few)")" \
        "$(fixed 2 "$one"); $(fixed 2 "$eight")" 'at most 1.5' "$one <= 1.5 && $eight <= 1.5"
}

compare home / / page
compare post "${few_pages[0]}" "${many_pages[0]}" page
compare "page $((many / 20)) of the home page's list" "${few_pages[1]}" "${many_pages[1]}" page
compare 'common tag' "${few_pages[2]}" "${many_pages[2]}" page
compare 'rare tag' "${few_pages[3]}" "${many_pages[3]}" page
compare feed /feed.xml /feed.xml page
compare sitemap /sitemap.xml /sitemap.xml page
if [ -n "${many_pages[6]}" ] && [ -n "${few_pages[6]}" ]; then
    compare 'part of the sitemap' "${few_pages[6]}" "${many_pages[6]}" page
fi
for which in 4:common 5:rare; do
    compare "search, ${which#*:} word" "${few_pages[${which%:*}]}" "${many_pages[${which%:*}]}" search
    slowest=$(of p99-many)
    row "search, ${which#*:} word, $many posts: p99 alone" 'the clock' "$(micro "$slowest") ms" '' 'under 50 ms' "$slowest < 50000"
done
compare "admin's posts" /admin/posts /admin/posts page
compare "admin's comments" '/admin/comments?state=approved' '/admin/comments?state=approved' page
stop "$few_pid"
stop "$many_pid"

### Comments

# Sixty-four connections that do nothing but comment; the ids of what was acknowledged are appended to the file `acknowledged`.
comment() {
    load 64 "$seconds" "$1" comments -- 0 "$2" "${commented[@]}"
    sed -n 's/^kept //p' wrk.txt >acknowledged.now
    cat acknowledged.now >>acknowledged
    persecond=$(calc 'kept / took' kept="$(wc -l <acknowledged.now)" took="$took")
}
# Every comment that was acknowledged is in the database.
check_acknowledged() {
    local found
    found=$("$yardstick" acknowledged "$1" acknowledged)
    [ "$found" = "$(sort -u acknowledged | wc -l)" ] || fail "$found comments of $(wc -l <acknowledged) acknowledged ones are there"
    rm acknowledged
}

# Serves as `laman` does, seen by strace with these options; $pid is the server's, not strace's, which goes by itself.
# -I2: strace, told to end, ends what it traces.
traced=(taskset -c 1 strace -I2 -f --seccomp-bpf -e "trace=fdatasync,fsync")
laman_traced() {
    local database=$1
    shift
    serve "${traced[@]}" "$@" taskset -c 0 "$laman" serve --listen 127.0.0.1:0 --log-level warn \
        --trusted-proxies 127.0.0.1 --database "$database"
    tracer=$pid
    pid=$(<"/proc/$tracer/task/$tracer/children")
    pid=${pid%% *}
    started+=("$pid")
}
stop_traced() {
    kill "$1"
    wait "$2" || true
    unset 'started[-1]' 'started[-1]'
}

cp "$few_blog" writing.db
cp "$few_blog" loop.db
laman writing.db
for round in $(seq "$rounds"); do
    comment "$url" "round $round"
    note comments "$persecond"
    inserts=$(taskset -c 0 "$yardstick" loop loop.db --seconds "$seconds")
    note loop "$inserts"
done
stop "$pid"
check_acknowledged writing.db
row_of_speeds 'comments acknowledged, 64 connections' 'one insert per durable transaction, in a plain loop' "$(of comments)" "$(of loop)" 0.5

laman_traced writing.db -c -o counts
comment "$url" counted
stop_traced "$pid" "$tracer"
each=$(calc 'calls / comments' calls="$(awk '$NF == "fsync" || $NF == "fdatasync" { calls += $4 } END { print calls + 0 }' counts)" \
    comments="$(wc -l <acknowledged)")
check_acknowledged writing.db
row 'fsyncs for each of these comments, start and stop included' 'strace' "$(fixed 3 "$each")" '' 'under 0.25' "$each < 0.25"

delayed=(-o /dev/null -e "inject=fdatasync,fsync:delay_exit=10000")
laman_traced writing.db "${delayed[@]}"
for round in $(seq "$rounds"); do
    comment "$url" "delayed round $round"
    note comments-delayed "$persecond"
    inserts=$("${traced[@]}" "${delayed[@]}" taskset -c 0 "$yardstick" loop loop.db --seconds "$seconds")
    note loop-delayed "$inserts"
done
stop_traced "$pid" "$tracer"
check_acknowledged writing.db
row_of_speeds 'the same, each fsync 10 ms slower' 'the loop, likewise' "$(of comments-delayed)" "$(of loop-delayed)" 20

# Two hundred people under one post, and the plug pulled in the midst of it.
cp "$few_blog" crowd.db
crowded=$((seconds * 6))
eval "$(taskset -c 1 "$yardstick" crowd crowd.db --seconds "$crowded" -- taskset -c 0 "$laman")"
row "a reader's p99 while 200 people send $rate comments a second to that post for $crowded s; all $kept that were acknowledged survive kill -9, and each of $shown looked for stood on its page at once" \
    'the clock' "$(micro "$read_p99") ms" '' 'under 20 ms' "$read_p99 < 20000"

### The judge

# After so many decisions of a moderator on the corpus, by five-fold cross-validation.
for lessons in 200 648; do
    eval "$("$yardstick" judge "$root/benches/comments.jsonl" --lessons "$lessons")"
    caught=$(calc '100 * (held + called) / all' held="$spam_held" called="$spam_called" all="$spam")
    row "spam kept from readers after $lessons decisions, of $spam ($spam_called called spam, $spam_held held)" 'the corpus' \
        "$(fixed 1 "$caught") %" '' 'at least 95 %' "$caught >= 95"
    wrong=$(calc '100 * called / all' called="$ham_called" all="$ham")
    row "good comments called spam after $lessons decisions, of $ham ($ham_held held)" 'the corpus' \
        "$(fixed 2 "$wrong") %" '' 'at most 0.5 %' "$wrong <= 0.5"
done
row 'judging 64 KiB of the text that takes longest' 'the clock' "$(micro "$longest") ms" '' 'at most 5 ms' "$longest <= 5000"

### Start and size

for _ in $(seq "$rounds"); do
    waited=$(taskset -c 0 "$yardstick" start "$laman" "$many_blog")
    note start "$waited"
done
row "from exec to the home page, $many posts" 'the clock' "$(fixed 0 "$(of start)") ms" '' 'at most 150 ms' "$(of start) <= 150"

laman "$many_blog"
"${curl[@]}" -o /dev/null "$url/"
sleep 2
memory() { awk -v name="$1:" '$1 == name { print $2 / 1000 }' "/proc/$pid/status"; }
idle=$(memory VmRSS)
row "memory, idle, $many posts" 'the system' "$(fixed 0 "$idle") MB" '' 'under 40 MB' "$idle < 40"

# More pages than the cache holds.
links_of "$url" /sitemap.xml | sed -n 1,10p >parts
if grep -q '^/sitemap' parts; then
    while read -r part; do links_of "$url" "$part"; done <parts >paths
else
    links_of "$url" /sitemap.xml >paths
fi
[ -s paths ] || fail 'the sitemap names no pages'
load 64 "$seconds" "$url" walk "${br[@]}" -- paths
most=$(memory VmHWM)
row "memory at its highest, 64 connections reading $(wc -l <paths) pages" 'the system' "$(fixed 0 "$most") MB" '' \
    'under 40 MB + 64 MiB of cache' "$most < 107"
stop "$pid"

size=$(stat -c %s "$laman")
row 'the binary' 'the system' "$(calc 'sprintf("%.1f", size / 1e6)' size="$size") MB" '' 'under 30 MB' "$size < 30e6"

if [ "${1:-}" = readme ]; then
    awk -v table="$table" '
        /<!-- bench:end -->/ { inside = 0 }
        !inside
        /<!-- bench:begin -->/ { inside = 1; print ""; while ((getline line < table) > 0) print line; print "" }
    ' "$root/README.md" >readme
    cat readme >"$root/README.md"
fi
