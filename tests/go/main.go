// Command check reads a log folder in the C2SP layout with none of our code, and says whether all of
// it holds: the checkpoint's signatures, every tile and bundle, the root, and a proof file.
//
// Hashes are computed with golang.org/x/mod/sumdb/tlog, notes opened with golang.org/x/mod/sumdb/note,
// cosignatures and proofs checked with the libraries of transparency-dev.
package main

import (
	"flag"
	"fmt"
	"os"
	"strings"
)

const usage = `usage: check -log VKEY [-witness VKEY]... [-quorum N] [-proof FILE] FOLDER

Exit code 0: everything holds. 1: something does not. 2: it can't be read.
`

// list is a flag that may stand more than once.
type list []string

func (l *list) String() string     { return strings.Join(*l, ",") }
func (l *list) Set(s string) error { *l = append(*l, s); return nil }

func main() {
	var witnesses list
	logKey := flag.String("log", "", "vkey of the log (0x01)")
	flag.Var(&witnesses, "witness", "vkey of a witness (0x04); may be repeated")
	quorum := flag.Int("quorum", 0, "how many witnesses must have cosigned")
	proofFile := flag.String("proof", "", "a tlog-proof whose extra is the entry")
	flag.Usage = func() { fmt.Fprint(os.Stderr, usage) }
	flag.Parse()
	if flag.NArg() != 1 || *logKey == "" {
		flag.Usage()
		os.Exit(2)
	}

	keys, err := parseKeys(*logKey, witnesses)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	wrong := 0
	report := func(what string, err error) {
		if err != nil {
			wrong++
			fmt.Printf("WRONG  %s: %v\n", what, err)
			return
		}
		fmt.Printf("ok     %s\n", what)
	}

	folder := flag.Arg(0)
	checkpoint, err := openCheckpoint(folder, keys, *quorum)
	report("checkpoint", err)
	if err == nil {
		report(fmt.Sprintf("tiles and entries of size %d", checkpoint.Size), checkTiles(folder, checkpoint))
		if *proofFile != "" {
			report("proof "+*proofFile, checkProof(*proofFile, keys, *quorum))
		}
	}
	if wrong > 0 {
		os.Exit(1)
	}
}
