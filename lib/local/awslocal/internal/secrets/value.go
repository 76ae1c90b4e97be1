package secrets

import "context"

const (
	maxStages = 20
	maxStage  = 256
)

type putSecretValueInput struct {
	SecretId           string
	ClientRequestToken string
	VersionStages      []string
	value
}

// putSecretValue adds a version. Its label is AWSCURRENT unless other labels are given.
func (s *Service) putSecretValue(_ context.Context, in *putSecretValueInput) (*written, error) {
	if err := checkToken(in.ClientRequestToken); err != nil {
		return nil, err
	}
	if !in.given() {
		return nil, invalidRequest("You must provide either SecretString or SecretBinary.")
	}
	if err := in.check(); err != nil {
		return nil, err
	}
	labels := in.VersionStages
	if labels == nil {
		labels = []string{current}
	}
	if len(labels) == 0 || len(labels) > maxStages {
		return nil, invalidParameter("VersionStages must have 1 to %d labels.", maxStages)
	}
	for _, label := range labels {
		if label == "" || len(label) > maxStage {
			return nil, invalidParameter("A staging label must have 1 to %d characters.", maxStage)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	found, err := s.live(in.SecretId)
	if err != nil {
		return nil, err
	}
	if len(found.versions) == 0 {
		labels = append(labels, current) // "If this operation creates the first version for the secret"
	}
	if err := found.addVersion(in.ClientRequestToken, in.value, labels, s.clock.Now()); err != nil {
		return nil, err
	}
	s.journal.Save(found)
	return &written{found.arn, found.name, in.ClientRequestToken, found.stages(in.ClientRequestToken)}, nil
}

type getSecretValueInput struct {
	SecretId, VersionId, VersionStage string
}

type getSecretValueOutput struct {
	ARN, Name, VersionId string
	VersionStages        []string `json:",omitempty"`
	CreatedDate          float64
	value
}

// getSecretValue returns the value of the version with an ID, the version with a label, or the version with the label AWSCURRENT.
func (s *Service) getSecretValue(_ context.Context, in *getSecretValueInput) (*getSecretValueOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	found, err := s.live(in.SecretId)
	if err != nil {
		return nil, err
	}
	id, label := in.VersionId, in.VersionStage
	if id == "" {
		if label == "" {
			label = current
		}
		id = found.labels[label]
		if id == "" {
			return nil, notFound("Secrets Manager can't find the specified secret value for staging label: %s", label)
		}
	}
	v := found.versions[id]
	switch {
	case v == nil:
		return nil, notFound("Secrets Manager can't find the specified secret value for VersionId: %s", id)
	case label != "" && found.labels[label] != id:
		return nil, invalidRequest("You provided a VersionStage that is not associated to the provided VersionId.")
	}
	return &getSecretValueOutput{found.arn, found.name, id, found.stages(id), seconds(v.created), v.value}, nil
}
