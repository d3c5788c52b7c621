// The door of matching: learning who likes what, and showing it to them.
//
//   facts -> Community: works, people, what is liked lately   (live/)
//   Community -> models: collaborative, ranking               (retrieval/, ranking/; choose/ and models/ are the families)
//   the past, told twice -> Trainer -> what is served         (training/)
//   question -> sources -> chances -> places, with reasons    (sources/, feed/)
//   experiments, evaluation                                   (experiment/, evaluate/)
//
// docs/matching.md tells the models, the choice and the protocols.
#pragma once

#include "matching/attributes.h"
#include "matching/choose/choose.h"
#include "matching/evaluate/past.h"
#include "matching/evaluate/ranking.h"
#include "matching/events.h"
#include "matching/experiment/experiments.h"
#include "matching/experiment/exposure.h"
#include "matching/feed/feed.h"
#include "matching/feed/go_on_learning.h"
#include "matching/interactions.h"
#include "matching/live/community.h"
#include "matching/live/tag_names.h"
#include "matching/models/model.h"
#include "matching/ranking/harvest.h"
#include "matching/ranking/online.h"
#include "matching/ranking/ranker.h"
#include "matching/read_pairs.h"
#include "matching/retrieval/collaborative.h"
#include "matching/retrieval/learn_collaborative.h"
#include "matching/retrieval/model_file.h"
#include "matching/retrieval/products.h"
#include "matching/training/trainer.h"
