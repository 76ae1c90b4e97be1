package connect

// APIPace is the minimum time between two calls of a route by a Paced Connector.
const APIPace = apiPace
