package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	f_log "github.com/transparency-dev/formats/log"
	f_note "github.com/transparency-dev/formats/note"
	"golang.org/x/mod/sumdb/note"
)

// keys are a log's and its witnesses', as the libraries want them.
type keys struct {
	log       note.Verifier
	witnesses []note.Verifier
}

func parseKeys(log string, witnesses []string) (keys, error) {
	verifier, err := note.NewVerifier(log)
	if err != nil {
		return keys{}, fmt.Errorf("-log %s: %w", log, err)
	}
	all := keys{log: verifier}
	for _, vkey := range witnesses {
		witness, err := f_note.NewVerifierForCosignatureV1(vkey)
		if err != nil {
			return keys{}, fmt.Errorf("-witness %s: %w", vkey, err)
		}
		all.witnesses = append(all.witnesses, witness)
	}
	return all, nil
}

func openCheckpoint(folder string, keys keys, quorum int) (*f_log.Checkpoint, error) {
	bytes, err := os.ReadFile(filepath.Join(folder, "checkpoint"))
	if err != nil {
		return nil, err
	}
	return parseCheckpoint(bytes, keys, quorum)
}

// parseCheckpoint wants the log's signature, those of a quorum of witnesses, and no line by anyone
// else.
func parseCheckpoint(bytes []byte, keys keys, quorum int) (*f_log.Checkpoint, error) {
	checkpoint, rest, opened, err := f_log.ParseCheckpoint(bytes, keys.log.Name(), keys.log, keys.witnesses...)
	if err != nil {
		return nil, err
	}
	if len(rest) > 0 {
		return nil, errors.New("the checkpoint has extension lines")
	}
	if len(opened.UnverifiedSigs) > 0 {
		return nil, fmt.Errorf("%d lines by unknown keys", len(opened.UnverifiedSigs))
	}
	if have := len(opened.Sigs) - 1; have < quorum {
		return nil, fmt.Errorf("%d of %d witnesses have cosigned", have, quorum)
	}
	for _, signature := range opened.Sigs {
		if signature.Name == keys.log.Name() && signature.Hash == keys.log.KeyHash() {
			continue
		}
		time, err := f_note.CoSigV1Timestamp(signature)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", signature.Name, err)
		}
		fmt.Printf("       cosigned by %s at %s\n", signature.Name, time.UTC().Format("2006-01-02T15:04:05Z"))
	}
	return checkpoint, nil
}
