// Command asker is a log's side of C2SP tlog-witness with none of our code: it asks a witness to cosign a checkpoint,
// with a consistency proof that it makes from the log's tiles, and checks the cosignature.
package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"filippo.io/torchwood"
	f_note "github.com/transparency-dev/formats/note"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const usage = `usage: asker -log VKEY -witness VKEY -checkpoint FILE -old N FOLDER URL

FOLDER has the log's tiles, URL is the witness's submission prefix, and N how many entries it is thought to have
cosigned last: if it says another number, it is asked again. Exit code 0: it cosigned. 1: it did not. 2: usage.
`

// folder reads tiles from a disk.
type folder string

func (f folder) ReadTiles(_ context.Context, tiles []tlog.Tile) ([][]byte, error) {
	var data [][]byte
	for _, tile := range tiles {
		bytes, err := os.ReadFile(filepath.Join(string(f), torchwood.TilePath(tile)))
		if err != nil {
			return nil, err
		}
		data = append(data, bytes)
	}
	return data, nil
}

func (f folder) SaveTiles([]tlog.Tile, [][]byte) {}

func (f folder) ReadEndpoint(_ context.Context, path string) ([]byte, error) {
	return os.ReadFile(filepath.Join(string(f), path))
}

func main() {
	logKey := flag.String("log", "", "vkey of the log (0x01)")
	witnessKey := flag.String("witness", "", "vkey of the witness (0x04)")
	file := flag.String("checkpoint", "", "the signed checkpoint")
	old := flag.Int64("old", 0, "how many entries the witness cosigned last")
	flag.Usage = func() { fmt.Fprint(os.Stderr, usage) }
	flag.Parse()
	if flag.NArg() != 2 {
		flag.Usage()
		os.Exit(2)
	}
	if err := ask(*logKey, *witnessKey, *file, *old, folder(flag.Arg(0)), flag.Arg(1)); err != nil {
		fmt.Println("WRONG ", err)
		os.Exit(1)
	}
}

func ask(logKey, witnessKey, file string, old int64, tiles folder, url string) error {
	log, err := note.NewVerifier(logKey)
	if err != nil {
		return err
	}
	witness, err := f_note.NewVerifierForCosignatureV1(witnessKey)
	if err != nil {
		return err
	}
	signed, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	opened, err := note.Open(signed, note.VerifierList(log))
	if err != nil {
		return err
	}
	checkpoint, err := torchwood.ParseCheckpoint(opened.Text)
	if err != nil {
		return err
	}
	for range 2 {
		status, kind, answer, err := post(url, old, checkpoint, tiles, signed)
		if err != nil {
			return err
		}
		fmt.Printf("asked  from %d to %d: %d\n", old, checkpoint.N, status)
		switch {
		case status == http.StatusOK:
			cosigned, err := note.Open(append(signed, answer...), note.VerifierList(log, witness))
			if err != nil {
				return err
			}
			for _, line := range cosigned.Sigs {
				if line.Name == witness.Name() && line.Hash == witness.KeyHash() {
					fmt.Printf("ok     cosigned at size %d\n", checkpoint.N)
					return nil
				}
			}
			return fmt.Errorf("no good cosignature in %q", answer)
		case status == http.StatusConflict && kind == "text/x.tlog.size":
			text, _ := strings.CutSuffix(string(answer), "\n")
			if old, err = strconv.ParseInt(text, 10, 64); err != nil {
				return err
			}
		default:
			return fmt.Errorf("%d: %s", status, answer)
		}
	}
	return fmt.Errorf("it says another size each time")
}

func post(url string, old int64, to torchwood.Checkpoint, tiles folder, signed []byte) (int, string, []byte, error) {
	var body bytes.Buffer
	fmt.Fprintf(&body, "old %d\n", old)
	if old > 0 && old < to.N {
		hashes := torchwood.TileHashReaderWithContext(context.Background(), to.Tree, tiles)
		proof, err := tlog.ProveTree(to.N, old, hashes)
		if err != nil {
			return 0, "", nil, err
		}
		for _, hash := range proof {
			fmt.Fprintln(&body, hash)
		}
	}
	body.WriteString("\n")
	body.Write(signed)
	answer, err := http.Post(url+"/add-checkpoint", "text/plain", &body)
	if err != nil {
		return 0, "", nil, err
	}
	defer answer.Body.Close()
	said, err := io.ReadAll(io.LimitReader(answer.Body, 1<<16))
	return answer.StatusCode, answer.Header.Get("Content-Type"), said, err
}
