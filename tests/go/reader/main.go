// Command reader reads a log over HTTP with a client that is not ours, torchwood's, and says whether all of it holds:
// the checkpoint's signatures, every entry, and that each is included.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"

	"filippo.io/torchwood"
	f_note "github.com/transparency-dev/formats/note"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const usage = `usage: reader -log VKEY [-witness VKEY]... [-quorum N] [-token TOKEN] URL

URL is the log's prefix. Exit code 0: everything holds. 1: something does not. 2: usage.
`

// list is a flag that may stand more than once.
type list []string

func (l *list) String() string     { return strings.Join(*l, ",") }
func (l *list) Set(s string) error { *l = append(*l, s); return nil }

// bearer puts a token on each request.
type bearer string

func (b bearer) RoundTrip(request *http.Request) (*http.Response, error) {
	if b != "" {
		request = request.Clone(request.Context())
		request.Header.Set("Authorization", "Bearer "+string(b))
	}
	return http.DefaultTransport.RoundTrip(request)
}

func main() {
	var witnesses list
	logKey := flag.String("log", "", "vkey of the log (0x01)")
	flag.Var(&witnesses, "witness", "vkey of a witness (0x04); may be repeated")
	quorum := flag.Int("quorum", 0, "how many witnesses must have cosigned")
	token := flag.String("token", "", "a reader's token")
	flag.Usage = func() { fmt.Fprint(os.Stderr, usage) }
	flag.Parse()
	if flag.NArg() != 1 || *logKey == "" {
		flag.Usage()
		os.Exit(2)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	size, err := read(ctx, flag.Arg(0), *logKey, witnesses, *quorum, bearer(*token))
	if err != nil {
		fmt.Println("WRONG ", err)
		os.Exit(1)
	}
	fmt.Printf("ok     checkpoint, entries and an inclusion proof of each, of size %d\n", size)
}

func read(ctx context.Context, url, logKey string, witnesses []string, quorum int, token bearer) (int64, error) {
	client := &http.Client{Transport: token, Timeout: 10 * time.Second}
	fetcher, err := torchwood.NewTileFetcher(url, torchwood.WithHTTPClient(client))
	if err != nil {
		return 0, err
	}
	text, err := fetcher.ReadEndpoint(ctx, "checkpoint")
	if err != nil {
		return 0, fmt.Errorf("checkpoint: %w", err)
	}
	checkpoint, err := open(string(text), logKey, witnesses, quorum)
	if err != nil {
		return 0, fmt.Errorf("checkpoint: %w", err)
	}
	log, err := torchwood.NewClient(fetcher)
	if err != nil {
		return 0, err
	}
	// The client checks each entry's hash against the tiles, and those against the root.
	var entries [][]byte
	for index, entry := range log.Entries(ctx, checkpoint.Tree, 0) {
		if index != int64(len(entries)) {
			return 0, fmt.Errorf("entry %d where %d was expected", index, len(entries))
		}
		entries = append(entries, entry)
	}
	// It leaves a partial bundle at the end for later: each of those by itself, as any other.
	if err := log.Err(); err != nil {
		return 0, fmt.Errorf("entries: %w", err)
	}
	for index := range checkpoint.N {
		entry, proof, err := log.Entry(ctx, checkpoint.Tree, index)
		if err != nil {
			return 0, fmt.Errorf("entry %d: %w", index, err)
		}
		if index < int64(len(entries)) && string(entry) != string(entries[index]) {
			return 0, fmt.Errorf("entry %d: two readings differ", index)
		}
		if err := tlog.CheckRecord(proof, checkpoint.N, checkpoint.Hash, index, tlog.RecordHash(entry)); err != nil {
			return 0, fmt.Errorf("entry %d: %w", index, err)
		}
	}
	return checkpoint.N, nil
}

// open wants the log's signature, and those of a quorum of witnesses.
func open(text, logKey string, witnesses []string, quorum int) (torchwood.Checkpoint, error) {
	none := torchwood.Checkpoint{}
	log, err := note.NewVerifier(logKey)
	if err != nil {
		return none, err
	}
	known := []note.Verifier{log}
	for _, vkey := range witnesses {
		witness, err := f_note.NewVerifierForCosignatureV1(vkey)
		if err != nil {
			return none, err
		}
		known = append(known, witness)
	}
	opened, err := note.Open([]byte(text), note.VerifierList(known...))
	if err != nil {
		return none, err
	}
	signed, cosigned := false, 0
	for _, line := range opened.Sigs {
		if line.Name == log.Name() && line.Hash == log.KeyHash() {
			signed = true
		} else {
			cosigned++
		}
	}
	if !signed {
		return none, errors.New("the log has not signed it")
	}
	if cosigned < quorum {
		return none, fmt.Errorf("%d of %d witnesses have cosigned", cosigned, quorum)
	}
	checkpoint, err := torchwood.ParseCheckpoint(opened.Text)
	if err == nil && checkpoint.Origin != log.Name() {
		err = fmt.Errorf("it is of %s", checkpoint.Origin)
	}
	return checkpoint, err
}
