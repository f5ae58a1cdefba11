package main

import (
	"errors"
	"os"

	f_proof "github.com/transparency-dev/formats/proof"
	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
)

// checkProof wants a tlog-proof that leads from the entry in its extra data to a checkpoint with a
// quorum.
func checkProof(file string, keys keys, quorum int) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var parsed f_proof.TLogProof
	if err := parsed.Unmarshal(data); err != nil {
		return err
	}
	if len(parsed.ExtraData) == 0 {
		return errors.New("no entry in its extra data")
	}
	checkpoint, err := parseCheckpoint(parsed.Checkpoint, keys, quorum)
	if err != nil {
		return err
	}
	hashes := make([][]byte, len(parsed.Hashes))
	for i := range parsed.Hashes {
		hashes[i] = parsed.Hashes[i][:]
	}
	leaf := rfc6962.DefaultHasher.HashLeaf(parsed.ExtraData)
	return proof.VerifyInclusion(rfc6962.DefaultHasher, parsed.Index, checkpoint.Size, leaf, hashes, checkpoint.Hash)
}
