package secrets

import "context"

type updateSecretVersionStageInput struct {
	SecretId, VersionStage, RemoveFromVersionId, MoveToVersionId string
}

// updateSecretVersionStage moves a label to a version or removes it from one. The request must name the version that has the label.
// https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_UpdateSecretVersionStage.html
func (s *Service) updateSecretVersionStage(_ context.Context, in *updateSecretVersionStageInput) (*written, error) {
	if in.VersionStage == "" || len(in.VersionStage) > maxStage {
		return nil, invalidParameter("VersionStage must have 1 to %d characters.", maxStage)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	found, err := s.live(in.SecretId)
	if err != nil {
		return nil, err
	}
	for _, id := range []string{in.RemoveFromVersionId, in.MoveToVersionId} {
		if id != "" && found.versions[id] == nil {
			return nil, notFound("Secrets Manager can't find the specified secret version: %s.", id)
		}
	}
	attached := found.labels[in.VersionStage]
	switch {
	case in.RemoveFromVersionId == "" && in.MoveToVersionId == "":
		return nil, invalidParameter("You must specify RemoveFromVersionId, MoveToVersionId, or both.")
	case in.RemoveFromVersionId != "" && in.RemoveFromVersionId != attached:
		return nil, invalidParameter("Staging label %s is not attached to version %s.", in.VersionStage, in.RemoveFromVersionId)
	case in.RemoveFromVersionId == "" && attached != "" && attached != in.MoveToVersionId:
		return nil, invalidParameter("The parameter RemoveFromVersionId can't be empty. Staging label %s is currently attached to version %s,"+
			" so you must explicitly reference that version in RemoveFromVersionId.", in.VersionStage, attached)
	case in.MoveToVersionId == "" && in.VersionStage == current:
		return nil, invalidParameter("You can only move staging label %s to a different secret version. It can't be completely removed.",
			current)
	}
	if in.MoveToVersionId == "" {
		delete(found.labels, in.VersionStage)
	} else {
		found.move(in.VersionStage, in.MoveToVersionId)
	}
	found.changed = s.clock.Now()
	s.journal.Save(found)
	return &written{ARN: found.arn, Name: found.name}, nil
}

type describeSecretInput struct {
	SecretId string
}

type describeSecretOutput struct {
	ARN, Name          string
	Description        string   `json:",omitempty"`
	CreatedDate        float64  // seconds since 1970
	LastChangedDate    float64  // seconds since 1970
	DeletedDate        *float64 `json:",omitempty"` // seconds since 1970; only while deletion is scheduled
	Tags               []tag    `json:",omitempty"`
	VersionIdsToStages map[string][]string
}

// describeSecret returns everything except the values. Versions without a label are deprecated and not included.
func (s *Service) describeSecret(_ context.Context, in *describeSecretInput) (*describeSecretOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	found, err := s.find(in.SecretId)
	if err != nil {
		return nil, err
	}
	out := &describeSecretOutput{
		ARN:                found.arn,
		Name:               found.name,
		Description:        found.description,
		CreatedDate:        seconds(found.created),
		LastChangedDate:    seconds(found.changed),
		Tags:               found.tags,
		VersionIdsToStages: make(map[string][]string),
	}
	if !found.deletion.IsZero() {
		date := seconds(found.deletion)
		out.DeletedDate = &date
	}
	for id := range found.versions {
		if stages := found.stages(id); stages != nil {
			out.VersionIdsToStages[id] = stages
		}
	}
	return out, nil
}
