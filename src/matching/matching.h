// The door of matching: learning from who took up what which items suit whom, and saying how well that works.
//
// So far: benchmark files in, a model chosen and learnt, its quality out. docs/matching.md tells the models, the choice
// and the protocol.
#pragma once

#include "matching/choose/choose.h"
#include "matching/evaluate/ranking.h"
#include "matching/interactions.h"
#include "matching/models/model.h"
#include "matching/read_pairs.h"
#include "matching/retrieval/cold_works.h"
#include "matching/retrieval/collaborative.h"
#include "matching/retrieval/learn_collaborative.h"
#include "matching/retrieval/model_file.h"
#include "matching/retrieval/products.h"
