BEGIN TRANSACTION;
CREATE TABLE account (
	id INTEGER NOT NULL, 
	phone VARCHAR(11) NOT NULL, 
	name VARCHAR(40) NOT NULL, 
	password_hash VARCHAR(200) NOT NULL, 
	role VARCHAR(32) NOT NULL, 
	branch_id INTEGER, 
	title VARCHAR(40) NOT NULL, 
	enabled BOOLEAN NOT NULL, 
	large_print BOOLEAN NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_account PRIMARY KEY (id), 
	CONSTRAINT ck_account_staff_has_branch CHECK (role <> 'staff' OR branch_id IS NOT NULL), 
	CONSTRAINT fk_account_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id), 
	CONSTRAINT uq_account_phone UNIQUE (phone), 
	CONSTRAINT ck_account_role CHECK (role IN ('resident', 'employer', 'staff', 'admin'))
);
INSERT INTO "account" VALUES(1,'13900000001','李晓梅','$argon2id$v=19$m=64,t=1,p=4$vzJb0u5h/sZbcj8s2WETYg$llDgxdmuF4HkU/hbgQuPgvvLHFm9P8OInBEXxoe++qI','staff',1,'',1,0,'2026-11-30 13:01:05.085044');
INSERT INTO "account" VALUES(2,'13911112222','何老板','$argon2id$v=19$m=64,t=1,p=4$gcbj6sx5dcSveMSXOydaBg$YWAQliGxHyQxYNoSoFRemEIlMcEmKMDYHLzTy9NDFPg','employer',NULL,'',1,0,'2026-11-30 13:01:05.923900');
INSERT INTO "account" VALUES(3,'13922223333','陈桂芳','$argon2id$v=19$m=64,t=1,p=4$qgXH5dv8t9rzEgCFpkDnbw$NI/GKEH0sKcgZc4m27Q23dT6j2lrEV6aLzlYSRS8PEk','resident',NULL,'',1,0,'2026-11-30 13:01:14.115005');
INSERT INTO "account" VALUES(4,'13933334444','刘小琴','$argon2id$v=19$m=64,t=1,p=4$LdKgGKX+7RcpO7Himg4zig$KQNZYIOXzpAaAdx0XptpRpX84CGBRAwXzjHgmPQ5IuQ','resident',NULL,'',1,0,'2026-11-30 13:01:23.554516');
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0081');
CREATE TABLE audit_event (
	id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	account_id INTEGER, 
	action VARCHAR(64) NOT NULL, 
	subject VARCHAR(64) NOT NULL, 
	details JSON NOT NULL, 
	request_id VARCHAR(32) NOT NULL, 
	previous VARCHAR(64) NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_audit_event PRIMARY KEY (id), 
	CONSTRAINT uq_audit_event_digest UNIQUE (digest)
);
INSERT INTO "audit_event" VALUES(1,'2026-11-30 13:01:05.680439',1,'account.sign_in','account:1','{}','f0f131a8382c','0000000000000000000000000000000000000000000000000000000000000000','1968c6b2a6ba6163c9a2fbcc79582a559fea1256b6d3ac553a4f0a7f98dff9f7');
INSERT INTO "audit_event" VALUES(2,'2026-11-30 13:01:05.982680',NULL,'account.open','account:2','{"role": "employer"}','efec98035189','1968c6b2a6ba6163c9a2fbcc79582a559fea1256b6d3ac553a4f0a7f98dff9f7','9583df87477bcfb9311e9da2a097e78432e05f87a4ab729a9370d47e6156ae69');
INSERT INTO "audit_event" VALUES(3,'2026-11-30 13:01:05.988569',NULL,'employer.register','employer:1','{"known": false}','efec98035189','9583df87477bcfb9311e9da2a097e78432e05f87a4ab729a9370d47e6156ae69','1bda6493fe1a5083fec7f6ce39e1cba8547e1394d7b92e9227e2310715e52848');
INSERT INTO "audit_event" VALUES(4,'2026-11-30 13:01:07.018381',1,'employer.verify','employer:1','{"count": 0}','7e377567e94e','1bda6493fe1a5083fec7f6ce39e1cba8547e1394d7b92e9227e2310715e52848','d7b02e90cab82bb56ffec1412da4132aa01ce38093e2e66ca07730774eb5ef53');
INSERT INTO "audit_event" VALUES(5,'2026-11-30 13:01:11.557587',1,'import.hand_in','import_batch:1','{"kind": "vacancies", "digest": "247cc597bb75b956da26f7e60af1fef4f3d0b94c900160cf16ac255274063f5a"}','90179437f1f3','d7b02e90cab82bb56ffec1412da4132aa01ce38093e2e66ca07730774eb5ef53','237ad4146ec687ac00dae567c82f23e0620f88e5e1d680aaa39acb2ba399572e');
INSERT INTO "audit_event" VALUES(6,'2026-11-30 13:01:12.397916',1,'import.begin','import_batch:1','{"kind": "vacancies", "fields": ["description", "education", "employer", "headcount", "pay", "place", "title", "valid_until"], "sensitive": false}','e36829805ed4','237ad4146ec687ac00dae567c82f23e0620f88e5e1d680aaa39acb2ba399572e','ec0e0516fab482d6d5c3ae36d6fe68296edae303c064b704d06da110bcc58a43');
INSERT INTO "audit_event" VALUES(7,'2026-11-30 13:01:12.474569',1,'import.write','import_batch:1','{"rows": 1}','e36829805ed4','ec0e0516fab482d6d5c3ae36d6fe68296edae303c064b704d06da110bcc58a43','a940b67da958f15fb15963d48efda8c17160b2c6c9a9f5454dddf32d00101d71');
INSERT INTO "audit_event" VALUES(8,'2026-11-30 13:01:12.485837',1,'import.finish','import_batch:1','{"kind": "vacancies", "rows": 2, "imported": 1, "known": 0, "repeated": 0, "refused": 1}','e36829805ed4','a940b67da958f15fb15963d48efda8c17160b2c6c9a9f5454dddf32d00101d71','233cdb8b6f1391c8144ee1b40644ec527f423ed38658ea8f3c0a8c4521bfd36a');
INSERT INTO "audit_event" VALUES(9,'2026-11-30 13:01:13.017995',1,'import.hand_in','import_batch:2','{"kind": "vacancies", "digest": "322c6d8ea23427514179dae33b3efbd44e1caf24aba43bc7aa83413ecde8fd48"}','6c87c6548c7d','233cdb8b6f1391c8144ee1b40644ec527f423ed38658ea8f3c0a8c4521bfd36a','1f4da8806ca3c9d47f9ae7202500b804028f1afdc32be6a15fea5e1794fc9380');
INSERT INTO "audit_event" VALUES(10,'2026-11-30 13:01:13.291451',1,'import.begin','import_batch:2','{"kind": "vacancies", "fields": ["description", "education", "employer", "headcount", "pay", "place", "title", "valid_until"], "sensitive": false}','9b43ba58a2e6','1f4da8806ca3c9d47f9ae7202500b804028f1afdc32be6a15fea5e1794fc9380','1604a7b6258a939bd197ae6beb7fd545f201e4d627e94aa9a6c6e14f04e26405');
INSERT INTO "audit_event" VALUES(11,'2026-11-30 13:01:13.323259',1,'import.write','import_batch:2','{"rows": 0}','9b43ba58a2e6','1604a7b6258a939bd197ae6beb7fd545f201e4d627e94aa9a6c6e14f04e26405','6da5780d7197a565c96935484110b01bddaaceec94be157c8cae5334b31125c4');
INSERT INTO "audit_event" VALUES(12,'2026-11-30 13:01:13.325960',1,'import.finish','import_batch:2','{"kind": "vacancies", "rows": 2, "imported": 0, "known": 1, "repeated": 0, "refused": 1}','9b43ba58a2e6','6da5780d7197a565c96935484110b01bddaaceec94be157c8cae5334b31125c4','442a87ae178394b5c3880508f52e4376cbef10559112d8990676e481fc27e1d0');
INSERT INTO "audit_event" VALUES(13,'2026-11-30 13:01:13.807463',1,'opening.publish','opening:1','{"flags": []}','f1ede915fe41','442a87ae178394b5c3880508f52e4376cbef10559112d8990676e481fc27e1d0','4fd158c6533d5031cca73855ee638a898fe6041336aee83afc810f1e2da574aa');
INSERT INTO "audit_event" VALUES(14,'2026-11-30 13:01:14.194208',NULL,'account.open','account:3','{"role": "resident"}','c6fc5dd42509','4fd158c6533d5031cca73855ee638a898fe6041336aee83afc810f1e2da574aa','83f38077ede91c88acafd6daf7913cfceb9a94c9b047e428b84a0dade5ef74ae');
INSERT INTO "audit_event" VALUES(15,'2026-11-30 13:01:14.194967',NULL,'household.create','household:1','{}','c6fc5dd42509','83f38077ede91c88acafd6daf7913cfceb9a94c9b047e428b84a0dade5ef74ae','b14c4eaffc5d4bb6a4730e3f4f1e7b1cdd943d332e05428fa7eb37a521150ad4');
INSERT INTO "audit_event" VALUES(16,'2026-11-30 13:01:14.195305',NULL,'consent.give','consent:1','{"purpose": "service", "employer": null}','c6fc5dd42509','b14c4eaffc5d4bb6a4730e3f4f1e7b1cdd943d332e05428fa7eb37a521150ad4','d5c96a1d46ca48dad44393d14007c82c870e1e2768d2c0a70e97b1ab8a6f464c');
INSERT INTO "audit_event" VALUES(17,'2026-11-30 13:01:14.195630',NULL,'resident.register','resident:1','{}','c6fc5dd42509','d5c96a1d46ca48dad44393d14007c82c870e1e2768d2c0a70e97b1ab8a6f464c','faf9e91ca086f260fe1074dd1570197b9f87e3bd1280984ced2bb6db6812918e');
INSERT INTO "audit_event" VALUES(18,'2026-11-30 13:01:14.439496',3,'resident.update','resident:1','{"assisted": false, "section": "wanted", "fields": ["wanted"]}','1f9e372a29ba','faf9e91ca086f260fe1074dd1570197b9f87e3bd1280984ced2bb6db6812918e','61e42b07d383ec713ead934d3ccbb5fa86266c4b7726627d85e2842c8a478044');
INSERT INTO "audit_event" VALUES(19,'2026-11-30 13:01:14.542440',3,'resident.update','resident:1','{"assisted": false, "section": "skills", "fields": ["skills"]}','1a6a89c59ac3','61e42b07d383ec713ead934d3ccbb5fa86266c4b7726627d85e2842c8a478044','bd4b6828d5364356bbf81fc8b6809d97b303d7f3979e6a17279a494f4fec6ab7');
INSERT INTO "audit_event" VALUES(20,'2026-11-30 13:01:20.225147',1,'match.confirm','match:1','{"after": "confirmed", "before": "suggested"}','0a7234b2ae82','bd4b6828d5364356bbf81fc8b6809d97b303d7f3979e6a17279a494f4fec6ab7','d02ffbc328d90e7a0bf946702eb77ae372be0cb5e3cb0027ad92f5b0184e643b');
INSERT INTO "audit_event" VALUES(21,'2026-11-30 13:01:20.225682',1,'match.offer','match:1','{"after": "offered", "before": "confirmed"}','0a7234b2ae82','d02ffbc328d90e7a0bf946702eb77ae372be0cb5e3cb0027ad92f5b0184e643b','09734ec9dcf1988f7133dde497ff9db18e477eb3a577e565535e26eebfe68a3d');
INSERT INTO "audit_event" VALUES(22,'2026-11-30 13:01:20.716293',3,'match.answer','match:1','{}','4e0423de1cd5','09734ec9dcf1988f7133dde497ff9db18e477eb3a577e565535e26eebfe68a3d','f19afd213de07f517729663a3effb3b3eb23b93f978dec52e9e1a4dc4417e13d');
INSERT INTO "audit_event" VALUES(23,'2026-11-30 13:01:20.865018',3,'consent.give','consent:2','{"purpose": "employer", "employer": 1}','eec05dfd2875','f19afd213de07f517729663a3effb3b3eb23b93f978dec52e9e1a4dc4417e13d','aa4cab70924bb1b8c5012bc6a1975b26a3c36843a9995f3dea1e9a7a1540d57b');
INSERT INTO "audit_event" VALUES(24,'2026-11-30 13:01:20.865655',3,'match.share','match:1','{"after": "shared", "before": "interested"}','eec05dfd2875','aa4cab70924bb1b8c5012bc6a1975b26a3c36843a9995f3dea1e9a7a1540d57b','3961ec7958971c569f27fa1332b6beda6899632fe16cfe1891b364ed595b3a8e');
INSERT INTO "audit_event" VALUES(25,'2026-11-30 13:01:20.866019',3,'match.apply','match:1','{"after": "applied", "before": "shared"}','eec05dfd2875','3961ec7958971c569f27fa1332b6beda6899632fe16cfe1891b364ed595b3a8e','866b5518a649e1d960d414d89165056fdb8569e24df5379f208912ac2e92c474');
INSERT INTO "audit_event" VALUES(26,'2026-11-30 13:01:21.266803',2,'match.invite_interview','match:1','{"after": "interview", "before": "applied"}','8e1846d257e2','866b5518a649e1d960d414d89165056fdb8569e24df5379f208912ac2e92c474','f2aa84bc04561bc347fac8350f76c394dcc600340ead2f550fc642277abdd469');
INSERT INTO "audit_event" VALUES(27,'2026-11-30 13:01:21.648434',2,'match.hire','match:1','{"after": "hired", "before": "interview"}','b3970fb615ce','f2aa84bc04561bc347fac8350f76c394dcc600340ead2f550fc642277abdd469','e2847a10a81f373f90c7a422f28e6bc0ca9f520f3821baa13be3f52c4b48c879');
INSERT INTO "audit_event" VALUES(28,'2026-11-30 13:01:23.576899',NULL,'account.open','account:4','{"role": "resident"}','21c84b3167f6','e2847a10a81f373f90c7a422f28e6bc0ca9f520f3821baa13be3f52c4b48c879','3ca66fb010ba9d090388830e5cba1d478d9003db2281db57b7bc04e618081c8c');
INSERT INTO "audit_event" VALUES(29,'2026-11-30 13:01:23.577548',NULL,'household.create','household:2','{}','21c84b3167f6','3ca66fb010ba9d090388830e5cba1d478d9003db2281db57b7bc04e618081c8c','fc7885cbb28fe4c2e33a826642265ac1880781031c695b8ee743e7615fd7a4ea');
INSERT INTO "audit_event" VALUES(30,'2026-11-30 13:01:23.577865',NULL,'consent.give','consent:3','{"purpose": "service", "employer": null}','21c84b3167f6','fc7885cbb28fe4c2e33a826642265ac1880781031c695b8ee743e7615fd7a4ea','372ef6d3224b0207416e42e8359c476bc6193ef704e829df188ae43af9cacc66');
INSERT INTO "audit_event" VALUES(31,'2026-11-30 13:01:23.578206',NULL,'resident.register','resident:2','{}','21c84b3167f6','372ef6d3224b0207416e42e8359c476bc6193ef704e829df188ae43af9cacc66','9ae9c1a0ad35a6207ed0a16e071f549bd17401ca34f7beabbb844287367670ef');
INSERT INTO "audit_event" VALUES(32,'2026-11-30 13:01:23.665765',4,'resident.update','resident:2','{"assisted": false, "section": "wanted", "fields": ["wanted"]}','8393352e614a','9ae9c1a0ad35a6207ed0a16e071f549bd17401ca34f7beabbb844287367670ef','0c1f15fef8ba304301e7eb05936e87f984dbfde135f159ce1b688ab0d52c160a');
CREATE TABLE "branch" (
	id INTEGER NOT NULL, 
	name VARCHAR(20) NOT NULL, 
	purpose VARCHAR(100) NOT NULL, 
	office VARCHAR(100) NOT NULL, 
	phone VARCHAR(20) NOT NULL, 
	serves_all BOOLEAN DEFAULT 0 NOT NULL, 
	CONSTRAINT pk_branch PRIMARY KEY (id), 
	CONSTRAINT uq_branch_name UNIQUE (name)
);
INSERT INTO "branch" VALUES(1,'富民2','就业创业','1号楼','023-61234567',1);
CREATE TABLE consent (
	id INTEGER NOT NULL, 
	resident_id INTEGER NOT NULL, 
	purpose VARCHAR(32) NOT NULL, 
	employer_id INTEGER, 
	given_at DATETIME NOT NULL, 
	given_by_id INTEGER, 
	channel VARCHAR(20) NOT NULL, 
	withdrawn_at DATETIME, note VARCHAR(200) DEFAULT '' NOT NULL, 
	CONSTRAINT pk_consent PRIMARY KEY (id), 
	CONSTRAINT ck_consent_employer_consent_names_one CHECK ((purpose = 'employer') = (employer_id IS NOT NULL)), 
	CONSTRAINT fk_consent_employer_id FOREIGN KEY(employer_id) REFERENCES employer (id), 
	CONSTRAINT fk_consent_given_by_id FOREIGN KEY(given_by_id) REFERENCES account (id), 
	CONSTRAINT fk_consent_resident_id FOREIGN KEY(resident_id) REFERENCES resident (id) ON DELETE CASCADE, 
	CONSTRAINT ck_consent_consentpurpose CHECK (purpose IN ('service', 'sensitive', 'employer', 'assisted'))
);
INSERT INTO "consent" VALUES(1,1,'service',NULL,'2026-11-30 13:01:14.167670',3,'网页',NULL,'');
INSERT INTO "consent" VALUES(2,1,'employer',1,'2026-11-30 13:01:20.824421',3,'网页',NULL,'');
INSERT INTO "consent" VALUES(3,2,'service',NULL,'2026-11-30 13:01:23.565210',4,'网页',NULL,'');
CREATE TABLE contact (
	id INTEGER NOT NULL, 
	resident_id INTEGER NOT NULL, 
	account_id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	way VARCHAR(32) NOT NULL, 
	reached BOOLEAN NOT NULL, 
	words VARCHAR(300) NOT NULL, 
	next_on DATE, 
	form_key VARCHAR(32) NOT NULL, 
	CONSTRAINT pk_contact PRIMARY KEY (id), 
	CONSTRAINT fk_contact_account_id FOREIGN KEY(account_id) REFERENCES account (id), 
	CONSTRAINT fk_contact_resident_id FOREIGN KEY(resident_id) REFERENCES resident (id) ON DELETE CASCADE, 
	CONSTRAINT uq_contact_form_key UNIQUE (form_key), 
	CONSTRAINT ck_contact_contactway CHECK (way IN ('phone', 'visit', 'office'))
);
CREATE TABLE contact_agreement (
	id INTEGER NOT NULL, 
	thread_id INTEGER NOT NULL, 
	side VARCHAR(32) NOT NULL, 
	given_at DATETIME NOT NULL, 
	given_by_id INTEGER, 
	on_behalf BOOLEAN NOT NULL, 
	withdrawn_at DATETIME, 
	withdrawn_by_id INTEGER, 
	CONSTRAINT pk_contact_agreement PRIMARY KEY (id), 
	CONSTRAINT ck_contact_agreement_agreed_by_a_party CHECK (side <> 'staff'), 
	CONSTRAINT fk_contact_agreement_given_by_id FOREIGN KEY(given_by_id) REFERENCES account (id), 
	CONSTRAINT fk_contact_agreement_thread_id FOREIGN KEY(thread_id) REFERENCES message_thread (id) ON DELETE CASCADE, 
	CONSTRAINT fk_contact_agreement_withdrawn_by_id FOREIGN KEY(withdrawn_by_id) REFERENCES account (id), 
	CONSTRAINT ck_contact_agreement_side CHECK (side IN ('resident', 'employer', 'staff'))
);
CREATE TABLE duplicate_pair (
	id INTEGER NOT NULL, 
	kind VARCHAR(32) NOT NULL, 
	first_id INTEGER NOT NULL, 
	second_id INTEGER NOT NULL, 
	evidence JSON NOT NULL, 
	state VARCHAR(32) NOT NULL, 
	found_at DATETIME NOT NULL, 
	decided_at DATETIME, 
	decided_by_id INTEGER, 
	kept_id INTEGER, 
	moved JSON NOT NULL, 
	"before" JSON NOT NULL, 
	CONSTRAINT pk_duplicate_pair PRIMARY KEY (id), 
	CONSTRAINT ck_duplicate_pair_older_first CHECK (first_id < second_id), 
	CONSTRAINT ck_duplicate_pair_merged_keeps_one CHECK ((state = 'merged') = (kept_id IS NOT NULL)), 
	CONSTRAINT fk_duplicate_pair_decided_by_id FOREIGN KEY(decided_by_id) REFERENCES account (id), 
	CONSTRAINT uq_duplicate_pair_kind_first_id_second_id UNIQUE (kind, first_id, second_id), 
	CONSTRAINT ck_duplicate_pair_duplicatekind CHECK (kind IN ('opening', 'resident')), 
	CONSTRAINT ck_duplicate_pair_pairstate CHECK (state IN ('open', 'apart', 'merged'))
);
CREATE TABLE "employer" (
	id INTEGER NOT NULL, 
	name VARCHAR(80) NOT NULL, 
	credit_code VARCHAR(18), 
	industry VARCHAR(40) NOT NULL, 
	contact_name VARCHAR(40) NOT NULL, 
	phone VARCHAR(20) NOT NULL, 
	address VARCHAR(120) NOT NULL, 
	state VARCHAR(32) NOT NULL, 
	state_reason VARCHAR(200) NOT NULL, 
	verified_at DATETIME, 
	verified_by_id INTEGER, 
	created_at DATETIME NOT NULL, 
	licence_number VARCHAR(40) DEFAULT ('') NOT NULL, 
	licence_until DATE, 
	authorised_until DATE, 
	closed_at DATETIME, 
	revision INTEGER DEFAULT '1' NOT NULL, 
	CONSTRAINT pk_employer PRIMARY KEY (id), 
	CONSTRAINT ck_employer_closed_has_date CHECK (state <> 'closed' OR closed_at IS NOT NULL), 
	CONSTRAINT fk_employer_verified_by_id FOREIGN KEY(verified_by_id) REFERENCES account (id), 
	CONSTRAINT ck_employer_verified_has_date CHECK (state <> 'verified' OR verified_at IS NOT NULL), 
	CONSTRAINT uq_employer_credit_code UNIQUE (credit_code), 
	CONSTRAINT uq_employer_name UNIQUE (name), 
	CONSTRAINT ck_employer_employerstate CHECK (state IN ('pending', 'verified', 'suspended', 'refused', 'lapsed', 'closed'))
);
INSERT INTO "employer" VALUES(1,'重庆巧针服装有限公司','91500107MA56000014','服装','何老板','13911112222','石堰路1号','verified','','2026-11-30 13:01:06.969743',1,'2026-11-30 13:01:05.940688','91500107MA56000014',NULL,NULL,NULL,2);
CREATE TABLE employer_check (
	id INTEGER NOT NULL, 
	employer_id INTEGER NOT NULL, 
	checked_at DATETIME NOT NULL, 
	checked_by_id INTEGER, 
	licence_number VARCHAR(40) NOT NULL, 
	licence_until DATE, 
	agent_name VARCHAR(40) NOT NULL, 
	authorised_until DATE, 
	CONSTRAINT pk_employer_check PRIMARY KEY (id), 
	CONSTRAINT fk_employer_check_employer_id FOREIGN KEY(employer_id) REFERENCES employer (id) ON DELETE CASCADE, 
	CONSTRAINT fk_employer_check_checked_by_id FOREIGN KEY(checked_by_id) REFERENCES account (id)
);
INSERT INTO "employer_check" VALUES(1,1,'2026-11-30 13:01:06.993639',1,'91500107MA56000014',NULL,'何老板',NULL);
CREATE TABLE employer_complaint (
	id INTEGER NOT NULL, 
	employer_id INTEGER NOT NULL, 
	opening_id INTEGER, 
	resident_id INTEGER, 
	filed_by_id INTEGER, 
	kind VARCHAR(32) NOT NULL, 
	words TEXT NOT NULL, 
	state VARCHAR(32) NOT NULL, 
	outcome VARCHAR(32), 
	answer VARCHAR(500) NOT NULL, 
	handled_at DATETIME, 
	handled_by_id INTEGER, 
	form_key VARCHAR(32) NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_employer_complaint PRIMARY KEY (id), 
	CONSTRAINT ck_employer_complaint_handled_has_outcome CHECK ((state = 'handled') = (handled_at IS NOT NULL AND outcome IS NOT NULL)), 
	CONSTRAINT fk_employer_complaint_employer_id FOREIGN KEY(employer_id) REFERENCES employer (id), 
	CONSTRAINT fk_employer_complaint_opening_id FOREIGN KEY(opening_id) REFERENCES opening (id) ON DELETE SET NULL, 
	CONSTRAINT fk_employer_complaint_resident_id FOREIGN KEY(resident_id) REFERENCES resident (id) ON DELETE SET NULL, 
	CONSTRAINT fk_employer_complaint_filed_by_id FOREIGN KEY(filed_by_id) REFERENCES account (id), 
	CONSTRAINT fk_employer_complaint_handled_by_id FOREIGN KEY(handled_by_id) REFERENCES account (id), 
	CONSTRAINT uq_employer_complaint_form_key UNIQUE (form_key), 
	CONSTRAINT ck_employer_complaint_complaintkind CHECK (kind IN ('fee', 'id_retention', 'false_offer', 'unpaid', 'discrimination', 'treatment', 'other')), 
	CONSTRAINT ck_employer_complaint_complaintstate CHECK (state IN ('open', 'handled')), 
	CONSTRAINT ck_employer_complaint_complaintoutcome CHECK (outcome IN ('upheld', 'settled', 'unfounded', 'referred'))
);
CREATE TABLE employer_member (
	id INTEGER NOT NULL, 
	employer_id INTEGER NOT NULL, 
	account_id INTEGER NOT NULL, 
	CONSTRAINT pk_employer_member PRIMARY KEY (id), 
	CONSTRAINT fk_employer_member_account_id FOREIGN KEY(account_id) REFERENCES account (id) ON DELETE CASCADE, 
	CONSTRAINT fk_employer_member_employer_id FOREIGN KEY(employer_id) REFERENCES employer (id) ON DELETE CASCADE, 
	CONSTRAINT uq_employer_member_account_id UNIQUE (account_id)
);
INSERT INTO "employer_member" VALUES(1,1,2);
CREATE TABLE employment_month (
	id INTEGER NOT NULL, 
	month DATE NOT NULL, 
	working INTEGER NOT NULL, 
	able INTEGER NOT NULL, 
	by_job INTEGER NOT NULL, 
	by_business INTEGER NOT NULL, 
	by_piecework INTEGER NOT NULL, 
	in_training INTEGER NOT NULL, 
	too_young INTEGER NOT NULL, 
	too_old INTEGER NOT NULL, 
	frozen_at DATETIME NOT NULL, 
	CONSTRAINT pk_employment_month PRIMARY KEY (id), 
	CONSTRAINT ck_employment_month_part_of_all CHECK (working <= able), 
	CONSTRAINT uq_employment_month_month UNIQUE (month)
);
CREATE TABLE experience (
	id INTEGER NOT NULL, 
	resident_id INTEGER NOT NULL, 
	title VARCHAR(60) NOT NULL, 
	employer VARCHAR(60) NOT NULL, 
	months INTEGER, 
	CONSTRAINT pk_experience PRIMARY KEY (id), 
	CONSTRAINT ck_experience_months_not_negative CHECK (months >= 0), 
	CONSTRAINT fk_experience_resident_id FOREIGN KEY(resident_id) REFERENCES resident (id) ON DELETE CASCADE
);
CREATE TABLE household (
	id INTEGER NOT NULL, 
	door VARCHAR(60) NOT NULL, 
	place VARCHAR(120) NOT NULL, 
	tenure VARCHAR(20) NOT NULL, 
	responsible_id INTEGER, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_household PRIMARY KEY (id), 
	CONSTRAINT fk_household_responsible_id FOREIGN KEY(responsible_id) REFERENCES account (id)
);
INSERT INTO "household" VALUES(1,'3栋2单元-501','重庆市/九龙坡区/华岩镇/华龙家园','',NULL,'2026-11-30 13:01:14.123817');
INSERT INTO "household" VALUES(2,'5栋1单元-302','重庆市/九龙坡区/华岩镇/华龙家园','',NULL,'2026-11-30 13:01:23.556602');
CREATE TABLE "import_batch" (
	id INTEGER NOT NULL, 
	kind VARCHAR(32) NOT NULL, 
	filename VARCHAR(200) NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	account_id INTEGER, 
	created_at DATETIME NOT NULL, 
	done_at DATETIME, 
	columns JSON NOT NULL, 
	report JSON NOT NULL, 
	stored VARCHAR(40) DEFAULT '' NOT NULL, 
	branch_id INTEGER, 
	state VARCHAR(32) DEFAULT 'uploaded' NOT NULL, 
	running_since DATETIME, 
	CONSTRAINT pk_import_batch PRIMARY KEY (id), 
	CONSTRAINT ck_import_batch_importkind CHECK (kind IN ('residents', 'vacancies')), 
	CONSTRAINT fk_import_batch_account_id FOREIGN KEY(account_id) REFERENCES account (id), 
	CONSTRAINT fk_import_batch_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id), 
	CONSTRAINT ck_import_batch_importstate CHECK (state IN ('uploaded', 'running', 'done')), 
	CONSTRAINT ck_import_batch_done_has_date CHECK (state <> 'done' OR done_at IS NOT NULL)
);
INSERT INTO "import_batch" VALUES(1,'vacancies','招工.xlsx','247cc597bb75b956da26f7e60af1fef4f3d0b94c900160cf16ac255274063f5a',1,'2026-11-30 13:01:11.521655','2026-11-30 13:01:12.476414','{"title": 0, "employer": 1, "pay": 2, "place": 3, "education": 5, "headcount": 4, "valid_until": 6, "description": 7}','{"sheet": "Sheet", "others": [], "rows": 2, "imported": 1, "known": 0, "repeated": 0, "refused": 1, "employers": 0, "refusals": [{"row": 4, "column": "\u5de5\u8d44", "message": "\u201c\u770b\u7740\u7ed9\u5427\u201d\u770b\u4e0d\u61c2"}], "notes": []}','3a12814305a1e2b75291f886341520e8.bin',1,'done','2026-11-30 13:01:12.394816');
INSERT INTO "import_batch" VALUES(2,'vacancies','招工.xlsx','322c6d8ea23427514179dae33b3efbd44e1caf24aba43bc7aa83413ecde8fd48',1,'2026-11-30 13:01:13.017037','2026-11-30 13:01:13.324811','{"title": 0, "employer": 1, "pay": 2, "place": 3, "education": 5, "headcount": 4, "valid_until": 6, "description": 7}','{"sheet": "Sheet", "others": [], "rows": 2, "imported": 0, "known": 1, "repeated": 0, "refused": 1, "employers": 0, "refusals": [{"row": 4, "column": "\u5de5\u8d44", "message": "\u201c\u770b\u7740\u7ed9\u5427\u201d\u770b\u4e0d\u61c2"}], "notes": []}','c766344e0dfbbd48b72f1a70175c5e9e.bin',1,'done','2026-11-30 13:01:13.286940');
CREATE TABLE impression (
	id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	account_id INTEGER NOT NULL, 
	resident_id INTEGER NOT NULL, 
	opening_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	rank INTEGER NOT NULL, 
	propensity FLOAT NOT NULL, 
	place INTEGER NOT NULL, 
	in_full BOOLEAN NOT NULL, 
	model_version VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_impression PRIMARY KEY (id), 
	CONSTRAINT ck_impression_position_from_one CHECK (position >= 1), 
	CONSTRAINT fk_impression_account_id FOREIGN KEY(account_id) REFERENCES account (id), 
	CONSTRAINT fk_impression_resident_id FOREIGN KEY(resident_id) REFERENCES resident (id) ON DELETE CASCADE, 
	CONSTRAINT fk_impression_opening_id FOREIGN KEY(opening_id) REFERENCES opening (id), 
	CONSTRAINT uq_impression_once UNIQUE (resident_id, opening_id, account_id, model_version, position, in_full)
);
CREATE TABLE job_run (
	id INTEGER NOT NULL, 
	job VARCHAR(40) NOT NULL, 
	period VARCHAR(20) NOT NULL, 
	started_at DATETIME NOT NULL, 
	finished_at DATETIME, 
	outcome VARCHAR(200) NOT NULL, 
	CONSTRAINT pk_job_run PRIMARY KEY (id), 
	CONSTRAINT uq_job_run_job_period UNIQUE (job, period)
);
CREATE TABLE ledger_account (
	id INTEGER NOT NULL, 
	"key" VARCHAR(64) NOT NULL, 
	ledger VARCHAR(32) NOT NULL, 
	place VARCHAR(32) NOT NULL, 
	order_id INTEGER NOT NULL, 
	lot_id INTEGER, 
	assignment_id INTEGER, 
	balance BIGINT NOT NULL, 
	CONSTRAINT pk_ledger_account PRIMARY KEY (id), 
	CONSTRAINT ck_ledger_account_source_not_positive CHECK (balance <= 0 OR place NOT IN ('company', 'made', 'stock_in', 'payable', 'to_pay', 'margin', 'reserve')), 
	CONSTRAINT ck_ledger_account_balance_not_negative CHECK (balance >= 0 OR place = 'bank' OR place IN ('company', 'made', 'stock_in', 'payable', 'to_pay', 'margin', 'reserve')), 
	CONSTRAINT fk_ledger_account_assignment_id FOREIGN KEY(assignment_id) REFERENCES piecework_assignment (id), 
	CONSTRAINT fk_ledger_account_lot_id FOREIGN KEY(lot_id) REFERENCES piecework_lot (id), 
	CONSTRAINT fk_ledger_account_order_id FOREIGN KEY(order_id) REFERENCES piecework_order (id), 
	CONSTRAINT uq_ledger_account_key UNIQUE ("key"), 
	CONSTRAINT ck_ledger_account_ledger CHECK (ledger IN ('material', 'pieces', 'money')), 
	CONSTRAINT ck_ledger_account_place CHECK (place IN ('company', 'centre', 'household', 'replacement', 'consumed', 'returned', 'scrap', 'lost', 'made', 'pending', 'accepted', 'rework', 'rejected', 'stock_in', 'finished', 'offered', 'taken', 'released', 'receivable', 'payable', 'to_pay', 'advance', 'bank', 'margin', 'reserve'))
);
CREATE TABLE ledger_entry (
	id INTEGER NOT NULL, 
	order_id INTEGER NOT NULL, 
	assignment_id INTEGER, 
	kind VARCHAR(32) NOT NULL, 
	at DATETIME NOT NULL, 
	account_id INTEGER, 
	note VARCHAR(300) NOT NULL, 
	form_key VARCHAR(64) NOT NULL, 
	reverses_id INTEGER, 
	CONSTRAINT pk_ledger_entry PRIMARY KEY (id), 
	CONSTRAINT ck_ledger_entry_reverse_names_one CHECK ((kind = 'reverse') = (reverses_id IS NOT NULL)), 
	CONSTRAINT fk_ledger_entry_account_id FOREIGN KEY(account_id) REFERENCES account (id), 
	CONSTRAINT fk_ledger_entry_assignment_id FOREIGN KEY(assignment_id) REFERENCES piecework_assignment (id), 
	CONSTRAINT fk_ledger_entry_order_id FOREIGN KEY(order_id) REFERENCES piecework_order (id), 
	CONSTRAINT fk_ledger_entry_reverses_id FOREIGN KEY(reverses_id) REFERENCES ledger_entry (id), 
	CONSTRAINT uq_ledger_entry_form_key UNIQUE (form_key), 
	CONSTRAINT uq_ledger_entry_reverses_id UNIQUE (reverses_id), 
	CONSTRAINT ck_ledger_entry_entrykind CHECK (kind IN ('receive', 'return_to_company', 'issue', 'return', 'spoil', 'submit', 'inspect', 'give_up_rework', 'offer', 'company_take', 'company_refuse', 'release', 'company_pay', 'advance', 'charge', 'waive', 'compensate', 'settle', 'pay_out', 'close', 'reverse'))
);
CREATE TABLE ledger_line (
	id INTEGER NOT NULL, 
	entry_id INTEGER NOT NULL, 
	from_account_id INTEGER NOT NULL, 
	to_account_id INTEGER NOT NULL, 
	amount BIGINT NOT NULL, 
	CONSTRAINT pk_ledger_line PRIMARY KEY (id), 
	CONSTRAINT ck_ledger_line_amount_positive CHECK (amount > 0), 
	CONSTRAINT ck_ledger_line_two_accounts CHECK (from_account_id <> to_account_id), 
	CONSTRAINT fk_ledger_line_entry_id FOREIGN KEY(entry_id) REFERENCES ledger_entry (id), 
	CONSTRAINT fk_ledger_line_from_account_id FOREIGN KEY(from_account_id) REFERENCES ledger_account (id), 
	CONSTRAINT fk_ledger_line_to_account_id FOREIGN KEY(to_account_id) REFERENCES ledger_account (id)
);
CREATE TABLE login_session (
	id INTEGER NOT NULL, 
	token_digest VARCHAR(64) NOT NULL, 
	account_id INTEGER NOT NULL, 
	created_at DATETIME NOT NULL, 
	expires_at DATETIME NOT NULL, 
	CONSTRAINT pk_login_session PRIMARY KEY (id), 
	CONSTRAINT fk_login_session_account_id FOREIGN KEY(account_id) REFERENCES account (id) ON DELETE CASCADE, 
	CONSTRAINT uq_login_session_token_digest UNIQUE (token_digest)
);
INSERT INTO "login_session" VALUES(1,'cf2dc26348985617ca35fdc84bd7ffc26aa0276fe3d753f38bdba759c7e5f9be',1,'2026-11-30 13:01:05.667925','2026-12-30 13:01:05.667930');
INSERT INTO "login_session" VALUES(2,'80b88f8f56c0d74cf35c05e13790f8802f09187308ee89dac4cf3bb7f2baf288',2,'2026-11-30 13:01:05.973528','2026-12-30 13:01:05.973533');
INSERT INTO "login_session" VALUES(3,'df49f509c47b9e01c456088fc213672f2c4bf1e7050be19c92004cb1ffed1478',3,'2026-11-30 13:01:14.169376','2026-12-30 13:01:14.169378');
INSERT INTO "login_session" VALUES(4,'5591ba0c8e9bac9bcbdfe34338fcbab36502e70c06683b4c9cb876446e6ff46f',4,'2026-11-30 13:01:23.565611','2026-12-30 13:01:23.565612');
CREATE TABLE "match" (
	id INTEGER NOT NULL, 
	resident_id INTEGER NOT NULL, 
	opening_id INTEGER NOT NULL, 
	state VARCHAR(32) NOT NULL, 
	origin VARCHAR(32) NOT NULL, 
	score FLOAT, 
	position INTEGER, 
	reasons JSON NOT NULL, 
	gaps JSON NOT NULL, 
	model_version VARCHAR(64) NOT NULL, 
	computed_at DATETIME, 
	since DATETIME NOT NULL, 
	postponed_until DATE, 
	offered_until DATE, 
	channel VARCHAR(20) NOT NULL, 
	note VARCHAR(300) NOT NULL, 
	interview_at DATETIME, 
	interview_place VARCHAR(120) NOT NULL, 
	start_date DATE, 
	evidence VARCHAR(200) NOT NULL, 
	previous_state VARCHAR(32), 
	asked_at DATETIME, 
	chases INTEGER DEFAULT '0' NOT NULL, rank INTEGER, propensity FLOAT, 
	CONSTRAINT pk_match PRIMARY KEY (id), 
	CONSTRAINT fk_match_resident_id FOREIGN KEY(resident_id) REFERENCES resident (id) ON DELETE CASCADE, 
	CONSTRAINT fk_match_opening_id FOREIGN KEY(opening_id) REFERENCES opening (id), 
	CONSTRAINT ck_match_matchorigin CHECK (origin IN ('model', 'staff', 'resident', 'employer')), 
	CONSTRAINT ck_match_hired_has_start CHECK (state <> 'hired' OR start_date IS NOT NULL), 
	CONSTRAINT ck_match_previous_matchstate CHECK (previous_state IN ('suggested', 'confirmed', 'dismissed', 'offered', 'interested', 'declined', 'no_reply', 'shared', 'applied', 'seen', 'interview', 'job_offer', 'hired', 'day_30', 'day_90', 'retained', 'left', 'refused', 'withdrawn', 'hired_elsewhere', 'opening_closed')), 
	CONSTRAINT uq_match_resident_id_opening_id UNIQUE (resident_id, opening_id), 
	CONSTRAINT ck_match_matchstate CHECK (state IN ('suggested', 'confirmed', 'dismissed', 'offered', 'interested', 'declined', 'no_reply', 'shared', 'applied', 'seen', 'interview', 'job_offer', 'hired', 'day_30', 'day_90', 'retained', 'left', 'refused', 'withdrawn', 'hired_elsewhere', 'opening_closed')), 
	CONSTRAINT ck_match_position_from_one CHECK (position >= 1), 
	CONSTRAINT ck_match_chases_not_negative CHECK (chases >= 0)
);
INSERT INTO "match" VALUES(1,1,1,'hired','model',0.996997,1,'[{"code": "wanted", "text": "\u60f3\u627e\u201c\u7f1d\u7eab\u6d3b\u201d\uff0c\u8fd9\u91cc\u662f\u201c\u7f1d\u7eab\u5de5\u201d"}, {"code": "skill", "text": "\u6709\u201c\u4f1a\u8e29\u7f1d\u7eab\u673a\u201d\u7684\u672c\u4e8b\uff0c\u505a\u201c\u7f1d\u7eab\u5de5\u201d\u7528\u5f97\u4e0a"}, {"code": "near", "text": "\u8ddf\u81ea\u5bb6\u5728\u540c\u4e00\u4e2a\u8857\u9053\u3001\u9547\u4e0a"}, {"code": "no_schooling", "text": "\u4e0d\u8981\u6c42\u5b66\u5386"}]','[{"code": "unknown_age", "text": "\u8fd8\u4e0d\u77e5\u9053\u5e74\u9f84"}, {"code": "unknown_reach", "text": "\u8fd8\u4e0d\u77e5\u9053\u6700\u8fdc\u80fd\u53bb\u54ea\u91cc\u4e0a\u73ed"}]','prior-1','2026-11-30 13:01:19.376422','2026-11-30 13:01:21.573748',NULL,'2026-12-07','网页','','2026-12-02 01:30:00.000000','厂门口','2026-11-30','签了合同','interview','2026-12-02 01:30:00.000000',0,1,1.0);
CREATE TABLE match_event (
	id INTEGER NOT NULL, 
	match_id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	account_id INTEGER, 
	action VARCHAR(32) NOT NULL, 
	from_state VARCHAR(32) NOT NULL, 
	to_state VARCHAR(32) NOT NULL, 
	reason VARCHAR(300) NOT NULL, 
	shown JSON, code VARCHAR(32) DEFAULT '' NOT NULL, 
	CONSTRAINT pk_match_event PRIMARY KEY (id), 
	CONSTRAINT fk_match_event_account_id FOREIGN KEY(account_id) REFERENCES account (id), 
	CONSTRAINT fk_match_event_match_id FOREIGN KEY(match_id) REFERENCES "match" (id) ON DELETE CASCADE
);
INSERT INTO "match_event" VALUES(1,1,'2026-11-30 13:01:20.155797',1,'confirm','suggested','confirmed','','{"position": 1, "rank": 1, "propensity": 1.0, "score": 0.996997, "model_version": "prior-1"}','');
INSERT INTO "match_event" VALUES(2,1,'2026-11-30 13:01:20.180800',1,'offer','confirmed','offered','','null','');
INSERT INTO "match_event" VALUES(3,1,'2026-11-30 13:01:20.706058',3,'say_interested','offered','interested','','null','');
INSERT INTO "match_event" VALUES(4,1,'2026-11-30 13:01:20.840768',3,'share','interested','shared','','null','');
INSERT INTO "match_event" VALUES(5,1,'2026-11-30 13:01:20.855545',3,'apply','shared','applied','','null','');
INSERT INTO "match_event" VALUES(6,1,'2026-11-30 13:01:21.209773',2,'invite_interview','applied','interview','','null','');
INSERT INTO "match_event" VALUES(7,1,'2026-11-30 13:01:21.595159',2,'hire','interview','hired','','null','');
CREATE TABLE message (
	id INTEGER NOT NULL, 
	thread_id INTEGER NOT NULL, 
	sent_at DATETIME NOT NULL, 
	author_id INTEGER, 
	side VARCHAR(32) NOT NULL, 
	on_behalf BOOLEAN NOT NULL, 
	text VARCHAR(2000) NOT NULL, 
	masked BOOLEAN NOT NULL, 
	with_employer BOOLEAN NOT NULL, 
	once VARCHAR(32) NOT NULL, 
	hidden_at DATETIME, 
	CONSTRAINT pk_message PRIMARY KEY (id), 
	CONSTRAINT ck_message_on_behalf_of_resident CHECK (NOT on_behalf OR side = 'resident'), 
	CONSTRAINT fk_message_author_id FOREIGN KEY(author_id) REFERENCES account (id), 
	CONSTRAINT fk_message_thread_id FOREIGN KEY(thread_id) REFERENCES message_thread (id) ON DELETE CASCADE, 
	CONSTRAINT uq_message_thread_id_once UNIQUE (thread_id, once), 
	CONSTRAINT ck_message_side CHECK (side IN ('resident', 'employer', 'staff'))
);
CREATE TABLE message_report (
	id INTEGER NOT NULL, 
	message_id INTEGER NOT NULL, 
	reporter_id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	reason VARCHAR(32) NOT NULL, 
	note VARCHAR(200) NOT NULL, 
	handled_at DATETIME, 
	handled_by_id INTEGER, 
	verdict VARCHAR(32), 
	CONSTRAINT pk_message_report PRIMARY KEY (id), 
	CONSTRAINT ck_message_report_handled_with_a_verdict CHECK ((handled_at IS NULL) = (verdict IS NULL)), 
	CONSTRAINT fk_message_report_handled_by_id FOREIGN KEY(handled_by_id) REFERENCES account (id), 
	CONSTRAINT fk_message_report_message_id FOREIGN KEY(message_id) REFERENCES message (id) ON DELETE CASCADE, 
	CONSTRAINT fk_message_report_reporter_id FOREIGN KEY(reporter_id) REFERENCES account (id), 
	CONSTRAINT uq_message_report_message_id_reporter_id UNIQUE (message_id, reporter_id), 
	CONSTRAINT ck_message_report_reportreason CHECK (reason IN ('money', 'papers', 'rude', 'false', 'other')), 
	CONSTRAINT ck_message_report_verdict CHECK (verdict IN ('hidden', 'kept'))
);
CREATE TABLE message_thread (
	id INTEGER NOT NULL, 
	match_id INTEGER NOT NULL, 
	last_at DATETIME NOT NULL, 
	unread_resident BOOLEAN NOT NULL, 
	unread_employer BOOLEAN NOT NULL, 
	unread_staff BOOLEAN NOT NULL, 
	read_resident_at DATETIME, 
	read_employer_at DATETIME, 
	read_staff_at DATETIME, 
	CONSTRAINT pk_message_thread PRIMARY KEY (id), 
	CONSTRAINT fk_message_thread_match_id FOREIGN KEY(match_id) REFERENCES "match" (id) ON DELETE CASCADE, 
	CONSTRAINT uq_message_thread_match_id UNIQUE (match_id)
);
INSERT INTO "message_thread" VALUES(1,1,'2026-11-30 13:01:21.595936',1,1,0,NULL,NULL,NULL);
CREATE TABLE model_version (
	id INTEGER NOT NULL, 
	name VARCHAR(64), 
	state VARCHAR(32) NOT NULL, 
	file VARCHAR(120) NOT NULL, 
	file_sha256 VARCHAR(64) NOT NULL, 
	data_sha256 VARCHAR(64) NOT NULL, 
	decisions INTEGER NOT NULL, 
	metrics JSON NOT NULL, 
	fairness JSON NOT NULL, 
	report JSON NOT NULL, 
	created_at DATETIME NOT NULL, 
	created_by_id INTEGER, 
	started_at DATETIME, 
	switched_at DATETIME, 
	switched_by_id INTEGER, 
	CONSTRAINT pk_model_version PRIMARY KEY (id), 
	CONSTRAINT fk_model_version_created_by_id FOREIGN KEY(created_by_id) REFERENCES account (id), 
	CONSTRAINT fk_model_version_switched_by_id FOREIGN KEY(switched_by_id) REFERENCES account (id), 
	CONSTRAINT ck_model_version_versionstate CHECK (state IN ('requested', 'candidate', 'current', 'retired', 'refused'))
);
CREATE TABLE "opening" (
	id INTEGER NOT NULL, 
	kind VARCHAR(32) NOT NULL, 
	employer_id INTEGER, 
	title VARCHAR(80) NOT NULL, 
	category VARCHAR(60) NOT NULL, 
	description TEXT NOT NULL, 
	place VARCHAR(120) NOT NULL, 
	address VARCHAR(120) NOT NULL, 
	at_home BOOLEAN NOT NULL, 
	skills JSON NOT NULL, 
	certificates JSON NOT NULL, 
	education VARCHAR(32), 
	demands JSON NOT NULL, 
	hours JSON NOT NULL, 
	flexible BOOLEAN NOT NULL, 
	hazardous BOOLEAN NOT NULL, 
	teaches JSON NOT NULL, 
	pay_text VARCHAR(80) NOT NULL, 
	pay_min_fen INTEGER, 
	pay_max_fen INTEGER, 
	pay_unit VARCHAR(32), 
	pay_month_min_fen INTEGER, 
	pay_month_max_fen INTEGER, 
	headcount INTEGER NOT NULL, 
	hired_count INTEGER NOT NULL, 
	valid_until DATE, 
	state VARCHAR(32) NOT NULL, 
	state_reason VARCHAR(200) NOT NULL, 
	source VARCHAR(32) NOT NULL, 
	import_key VARCHAR(64), 
	responsible_id INTEGER, 
	published_at DATETIME, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	reviewed_by_id INTEGER, 
	review_note VARCHAR(300) DEFAULT ('') NOT NULL, 
	form_key VARCHAR(32), 
	CONSTRAINT pk_opening PRIMARY KEY (id), 
	CONSTRAINT uq_opening_form_key UNIQUE (form_key), 
	CONSTRAINT ck_opening_hired_within_headcount CHECK (hired_count BETWEEN 0 AND headcount), 
	CONSTRAINT ck_opening_openingsource CHECK (source IN ('employer', 'staff', 'import')), 
	CONSTRAINT ck_opening_pay_min_not_negative CHECK (pay_min_fen >= 0), 
	CONSTRAINT fk_opening_reviewed_by_id FOREIGN KEY(reviewed_by_id) REFERENCES account (id), 
	CONSTRAINT fk_opening_employer_id FOREIGN KEY(employer_id) REFERENCES employer (id), 
	CONSTRAINT ck_opening_headcount_not_negative CHECK (headcount >= 0), 
	CONSTRAINT uq_opening_import_key UNIQUE (import_key), 
	CONSTRAINT ck_opening_payunit CHECK (pay_unit IN ('month', 'day', 'hour', 'piece')), 
	CONSTRAINT ck_opening_education CHECK (education IN ('none', 'primary', 'junior_high', 'senior_high', 'vocational', 'college', 'bachelor')), 
	CONSTRAINT ck_opening_kind CHECK (kind IN ('vacancy', 'piecework', 'course', 'venture')), 
	CONSTRAINT ck_opening_pay_in_order CHECK (pay_max_fen >= pay_min_fen), 
	CONSTRAINT ck_opening_published_has_dates CHECK (state <> 'published' OR (published_at IS NOT NULL AND valid_until IS NOT NULL)), 
	CONSTRAINT fk_opening_responsible_id FOREIGN KEY(responsible_id) REFERENCES account (id), 
	CONSTRAINT ck_opening_openingstate CHECK (state IN ('draft', 'submitted', 'returned', 'published', 'expired', 'closed', 'paused'))
);
INSERT INTO "opening" VALUES(1,'vacancy',1,'缝纫工','','平车缝制工作服，材料和机器由厂里准备。会踩缝纫机就行，包一顿午饭。','重庆市/九龙坡区/华岩镇','',0,'[]','[]','none','[]','[]',0,0,'[]','底薪2600+计件',260000,NULL,'month',260000,NULL,1,1,'2027-01-09','published','','import','38daddced4b3e54814e3669596f8971760e7ef8253084fe4d1684b7dd89c4d9e',NULL,'2026-11-30 13:01:13.740289','2026-11-30 13:01:12.423389','2026-11-30 13:01:13.762844',1,'',NULL);
CREATE TABLE outbox (
	id INTEGER NOT NULL, 
	"key" VARCHAR(120) NOT NULL, 
	channel_id INTEGER NOT NULL, 
	account_id INTEGER, 
	is_test BOOLEAN NOT NULL, 
	created_at DATETIME NOT NULL, 
	due_at DATETIME NOT NULL, 
	claim VARCHAR(32) NOT NULL, 
	claimed_until DATETIME, 
	attempts INTEGER NOT NULL, 
	delivered_at DATETIME, 
	last_error VARCHAR(200) NOT NULL, 
	CONSTRAINT pk_outbox PRIMARY KEY (id), 
	CONSTRAINT fk_outbox_account_id FOREIGN KEY(account_id) REFERENCES account (id) ON DELETE CASCADE, 
	CONSTRAINT fk_outbox_channel_id FOREIGN KEY(channel_id) REFERENCES outside_channel (id) ON DELETE CASCADE, 
	CONSTRAINT uq_outbox_key UNIQUE ("key")
);
CREATE TABLE outside_channel (
	id INTEGER NOT NULL, 
	name VARCHAR(40) NOT NULL, 
	url TEXT NOT NULL, 
	audience VARCHAR(32) NOT NULL, 
	enabled BOOLEAN NOT NULL, 
	created_at DATETIME NOT NULL, 
	tested_at DATETIME, 
	last_error VARCHAR(200) NOT NULL, 
	CONSTRAINT pk_outside_channel PRIMARY KEY (id), 
	CONSTRAINT uq_outside_channel_name UNIQUE (name), 
	CONSTRAINT ck_outside_channel_audience CHECK (audience IN ('staff', 'people'))
);
CREATE TABLE outside_wish (
	id INTEGER NOT NULL, 
	account_id INTEGER NOT NULL, 
	since DATETIME NOT NULL, 
	CONSTRAINT pk_outside_wish PRIMARY KEY (id), 
	CONSTRAINT fk_outside_wish_account_id FOREIGN KEY(account_id) REFERENCES account (id) ON DELETE CASCADE, 
	CONSTRAINT uq_outside_wish_account_id UNIQUE (account_id)
);
CREATE TABLE passbook_head (
	id INTEGER NOT NULL, 
	household_id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_passbook_head PRIMARY KEY (id), 
	CONSTRAINT fk_passbook_head_household_id FOREIGN KEY(household_id) REFERENCES household (id), 
	CONSTRAINT uq_passbook_head_household_id UNIQUE (household_id)
);
CREATE TABLE passbook_line (
	id INTEGER NOT NULL, 
	household_id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	kind VARCHAR(32) NOT NULL, 
	assignment_id INTEGER NOT NULL, 
	entry_id INTEGER, 
	facts JSON NOT NULL, 
	previous VARCHAR(64) NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_passbook_line PRIMARY KEY (id), 
	CONSTRAINT fk_passbook_line_assignment_id FOREIGN KEY(assignment_id) REFERENCES piecework_assignment (id), 
	CONSTRAINT fk_passbook_line_entry_id FOREIGN KEY(entry_id) REFERENCES ledger_entry (id), 
	CONSTRAINT fk_passbook_line_household_id FOREIGN KEY(household_id) REFERENCES household (id), 
	CONSTRAINT uq_passbook_line_digest UNIQUE (digest), 
	CONSTRAINT ck_passbook_line_passbookkind CHECK (kind IN ('claim', 'change', 'trial', 'issue', 'return', 'spoil', 'submit', 'inspect', 'finding', 'waive', 'advance', 'compensate', 'settle', 'pay_out', 'withdraw', 'correct'))
);
CREATE TABLE piecework_assignment (
	id INTEGER NOT NULL, 
	order_id INTEGER NOT NULL, 
	household_id INTEGER NOT NULL, 
	state VARCHAR(32) NOT NULL, 
	hold VARCHAR(32), 
	hold_reason VARCHAR(200) NOT NULL, 
	pieces INTEGER NOT NULL, 
	due DATE NOT NULL, 
	rework_due DATE, 
	rate_fen INTEGER, 
	claimed_by_id INTEGER, 
	claimed_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	form_key VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_piecework_assignment PRIMARY KEY (id), 
	CONSTRAINT ck_piecework_assignment_rework_has_due CHECK (state <> 'rework' OR rework_due IS NOT NULL), 
	CONSTRAINT ck_piecework_assignment_rate_locked_at_issue CHECK (state IN ('claimed', 'trial_passed', 'withdrawn') OR rate_fen IS NOT NULL), 
	CONSTRAINT ck_piecework_assignment_pieces_not_negative CHECK (pieces >= 0), 
	CONSTRAINT ck_piecework_assignment_rate_positive CHECK (rate_fen > 0), 
	CONSTRAINT fk_piecework_assignment_claimed_by_id FOREIGN KEY(claimed_by_id) REFERENCES account (id), 
	CONSTRAINT fk_piecework_assignment_household_id FOREIGN KEY(household_id) REFERENCES household (id), 
	CONSTRAINT fk_piecework_assignment_order_id FOREIGN KEY(order_id) REFERENCES piecework_order (id), 
	CONSTRAINT uq_piecework_assignment_form_key UNIQUE (form_key), 
	CONSTRAINT ck_piecework_assignment_assignmentstate CHECK (state IN ('claimed', 'trial_passed', 'issued', 'working', 'submitted', 'inspected', 'accepted', 'rework', 'rejected_final', 'settled', 'closed', 'withdrawn')), 
	CONSTRAINT ck_piecework_assignment_assignmenthold CHECK (hold IN ('material_short', 'disputed'))
);
CREATE TABLE piecework_assignment_material (
	id INTEGER NOT NULL, 
	assignment_id INTEGER NOT NULL, 
	material_id INTEGER NOT NULL, 
	ceiling INTEGER NOT NULL, 
	issued INTEGER NOT NULL, 
	override INTEGER NOT NULL, 
	replacement_ceiling INTEGER NOT NULL, 
	replacement_issued INTEGER NOT NULL, 
	replacement_override INTEGER NOT NULL, 
	CONSTRAINT pk_piecework_assignment_material PRIMARY KEY (id), 
	CONSTRAINT ck_piecework_assignment_material_issue_within_need CHECK (issued BETWEEN 0 AND ceiling + override), 
	CONSTRAINT ck_piecework_assignment_material_override_positive CHECK (override >= 0 AND replacement_override >= 0), 
	CONSTRAINT ck_piecework_assignment_material_replacement_within_need CHECK (replacement_issued BETWEEN 0 AND replacement_ceiling + replacement_override), 
	CONSTRAINT fk_piecework_assignment_material_assignment_id FOREIGN KEY(assignment_id) REFERENCES piecework_assignment (id), 
	CONSTRAINT fk_piecework_assignment_material_material_id FOREIGN KEY(material_id) REFERENCES piecework_material (id)
);
CREATE TABLE piecework_assignment_member (
	id INTEGER NOT NULL, 
	assignment_id INTEGER NOT NULL, 
	resident_id INTEGER NOT NULL, 
	CONSTRAINT pk_piecework_assignment_member PRIMARY KEY (id), 
	CONSTRAINT fk_piecework_assignment_member_assignment_id FOREIGN KEY(assignment_id) REFERENCES piecework_assignment (id), 
	CONSTRAINT fk_piecework_assignment_member_resident_id FOREIGN KEY(resident_id) REFERENCES resident (id)
);
CREATE TABLE piecework_company_payment (
	id INTEGER NOT NULL, 
	order_id INTEGER NOT NULL, 
	amount_fen BIGINT NOT NULL, 
	reference VARCHAR(80) NOT NULL, 
	state VARCHAR(32) NOT NULL, 
	declared_by_id INTEGER, 
	declared_at DATETIME NOT NULL, 
	decided_by_id INTEGER, 
	decided_at DATETIME, 
	entry_id INTEGER, 
	form_key VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_piecework_company_payment PRIMARY KEY (id), 
	CONSTRAINT ck_piecework_company_payment_amount_positive CHECK (amount_fen > 0), 
	CONSTRAINT fk_piecework_company_payment_decided_by_id FOREIGN KEY(decided_by_id) REFERENCES account (id), 
	CONSTRAINT fk_piecework_company_payment_declared_by_id FOREIGN KEY(declared_by_id) REFERENCES account (id), 
	CONSTRAINT fk_piecework_company_payment_entry_id FOREIGN KEY(entry_id) REFERENCES ledger_entry (id), 
	CONSTRAINT fk_piecework_company_payment_order_id FOREIGN KEY(order_id) REFERENCES piecework_order (id), 
	CONSTRAINT uq_piecework_company_payment_entry_id UNIQUE (entry_id), 
	CONSTRAINT uq_piecework_company_payment_form_key UNIQUE (form_key), 
	CONSTRAINT ck_piecework_company_payment_companypaymentstate CHECK (state IN ('declared', 'received', 'not_found'))
);
CREATE TABLE piecework_compensation (
	id INTEGER NOT NULL, 
	order_id INTEGER NOT NULL, 
	cause VARCHAR(32) NOT NULL, 
	reason VARCHAR(300) NOT NULL, 
	details JSON NOT NULL, 
	opened_by_id INTEGER, 
	opened_at DATETIME NOT NULL, 
	amount_fen INTEGER NOT NULL, 
	decision VARCHAR(300) NOT NULL, 
	decided_by_id INTEGER, 
	decided_at DATETIME, 
	entry_id INTEGER, 
	form_key VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_piecework_compensation PRIMARY KEY (id), 
	CONSTRAINT ck_piecework_compensation_decided_has_words CHECK ((decided_at IS NULL) = (decision = '')), 
	CONSTRAINT ck_piecework_compensation_amount_not_negative CHECK (amount_fen >= 0), 
	CONSTRAINT fk_piecework_compensation_decided_by_id FOREIGN KEY(decided_by_id) REFERENCES account (id), 
	CONSTRAINT fk_piecework_compensation_entry_id FOREIGN KEY(entry_id) REFERENCES ledger_entry (id), 
	CONSTRAINT fk_piecework_compensation_opened_by_id FOREIGN KEY(opened_by_id) REFERENCES account (id), 
	CONSTRAINT fk_piecework_compensation_order_id FOREIGN KEY(order_id) REFERENCES piecework_order (id), 
	CONSTRAINT uq_piecework_compensation_entry_id UNIQUE (entry_id), 
	CONSTRAINT uq_piecework_compensation_form_key UNIQUE (form_key), 
	CONSTRAINT ck_piecework_compensation_compensationcause CHECK (cause IN ('change', 'cancel'))
);
CREATE TABLE piecework_delivery (
	id INTEGER NOT NULL, 
	assignment_id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	pieces INTEGER NOT NULL, 
	is_rework BOOLEAN NOT NULL, 
	wastage JSON NOT NULL, 
	inspected BOOLEAN NOT NULL, 
	submitted_at DATETIME NOT NULL, 
	submitted_by_id INTEGER, 
	entry_id INTEGER NOT NULL, 
	CONSTRAINT pk_piecework_delivery PRIMARY KEY (id), 
	CONSTRAINT ck_piecework_delivery_pieces_positive CHECK (pieces > 0), 
	CONSTRAINT fk_piecework_delivery_assignment_id FOREIGN KEY(assignment_id) REFERENCES piecework_assignment (id), 
	CONSTRAINT fk_piecework_delivery_entry_id FOREIGN KEY(entry_id) REFERENCES ledger_entry (id), 
	CONSTRAINT fk_piecework_delivery_submitted_by_id FOREIGN KEY(submitted_by_id) REFERENCES account (id), 
	CONSTRAINT uq_piecework_delivery_entry_id UNIQUE (entry_id)
);
CREATE TABLE piecework_dispute (
	id INTEGER NOT NULL, 
	order_id INTEGER NOT NULL, 
	assignment_id INTEGER, 
	about VARCHAR(32) NOT NULL, 
	words TEXT NOT NULL, 
	opened_by_id INTEGER, 
	opened_at DATETIME NOT NULL, 
	outcome VARCHAR(300) NOT NULL, 
	decided_by_id INTEGER, 
	decided_at DATETIME, 
	form_key VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_piecework_dispute PRIMARY KEY (id), 
	CONSTRAINT ck_piecework_dispute_decided_has_outcome CHECK ((decided_at IS NULL) = (outcome = '')), 
	CONSTRAINT fk_piecework_dispute_assignment_id FOREIGN KEY(assignment_id) REFERENCES piecework_assignment (id), 
	CONSTRAINT fk_piecework_dispute_decided_by_id FOREIGN KEY(decided_by_id) REFERENCES account (id), 
	CONSTRAINT fk_piecework_dispute_opened_by_id FOREIGN KEY(opened_by_id) REFERENCES account (id), 
	CONSTRAINT fk_piecework_dispute_order_id FOREIGN KEY(order_id) REFERENCES piecework_order (id), 
	CONSTRAINT uq_piecework_dispute_form_key UNIQUE (form_key), 
	CONSTRAINT ck_piecework_dispute_disputeabout CHECK (about IN ('count', 'quality', 'pay', 'material', 'other'))
);
CREATE TABLE piecework_event (
	id INTEGER NOT NULL, 
	order_id INTEGER NOT NULL, 
	assignment_id INTEGER, 
	at DATETIME NOT NULL, 
	account_id INTEGER, 
	action VARCHAR(32) NOT NULL, 
	from_state VARCHAR(32) NOT NULL, 
	to_state VARCHAR(32) NOT NULL, 
	reason VARCHAR(300) NOT NULL, 
	details JSON NOT NULL, 
	CONSTRAINT pk_piecework_event PRIMARY KEY (id), 
	CONSTRAINT fk_piecework_event_account_id FOREIGN KEY(account_id) REFERENCES account (id), 
	CONSTRAINT fk_piecework_event_assignment_id FOREIGN KEY(assignment_id) REFERENCES piecework_assignment (id), 
	CONSTRAINT fk_piecework_event_order_id FOREIGN KEY(order_id) REFERENCES piecework_order (id)
);
CREATE TABLE piecework_finding (
	id INTEGER NOT NULL, 
	assignment_id INTEGER NOT NULL, 
	material_id INTEGER NOT NULL, 
	excess INTEGER NOT NULL, 
	charge_fen INTEGER NOT NULL, 
	cause VARCHAR(300) NOT NULL, 
	heard VARCHAR(300) NOT NULL, 
	signed_by_id INTEGER NOT NULL, 
	signed_at DATETIME NOT NULL, 
	entry_id INTEGER, 
	waived_by_entry_id INTEGER, 
	form_key VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_piecework_finding PRIMARY KEY (id), 
	CONSTRAINT ck_piecework_finding_finding_has_words CHECK (cause <> '' AND heard <> ''), 
	CONSTRAINT ck_piecework_finding_charge_not_negative CHECK (charge_fen >= 0), 
	CONSTRAINT ck_piecework_finding_excess_positive CHECK (excess > 0), 
	CONSTRAINT fk_piecework_finding_assignment_id FOREIGN KEY(assignment_id) REFERENCES piecework_assignment (id), 
	CONSTRAINT fk_piecework_finding_entry_id FOREIGN KEY(entry_id) REFERENCES ledger_entry (id), 
	CONSTRAINT fk_piecework_finding_material_id FOREIGN KEY(material_id) REFERENCES piecework_material (id), 
	CONSTRAINT fk_piecework_finding_signed_by_id FOREIGN KEY(signed_by_id) REFERENCES account (id), 
	CONSTRAINT fk_piecework_finding_waived_by_entry_id FOREIGN KEY(waived_by_entry_id) REFERENCES ledger_entry (id), 
	CONSTRAINT uq_piecework_finding_entry_id UNIQUE (entry_id), 
	CONSTRAINT uq_piecework_finding_form_key UNIQUE (form_key)
);
CREATE TABLE piecework_inspection (
	id INTEGER NOT NULL, 
	order_id INTEGER NOT NULL, 
	assignment_id INTEGER NOT NULL, 
	delivery_id INTEGER NOT NULL, 
	accepted INTEGER NOT NULL, 
	rework INTEGER NOT NULL, 
	rejected INTEGER NOT NULL, 
	note VARCHAR(300) NOT NULL, 
	inspector_id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	entry_id INTEGER NOT NULL, 
	reversed_by_id INTEGER, 
	CONSTRAINT pk_piecework_inspection PRIMARY KEY (id), 
	CONSTRAINT ck_piecework_inspection_counts_positive CHECK (accepted >= 0 AND rework >= 0 AND rejected >= 0 AND accepted + rework + rejected > 0), 
	CONSTRAINT fk_piecework_inspection_assignment_id FOREIGN KEY(assignment_id) REFERENCES piecework_assignment (id), 
	CONSTRAINT fk_piecework_inspection_delivery_id FOREIGN KEY(delivery_id) REFERENCES piecework_delivery (id), 
	CONSTRAINT fk_piecework_inspection_entry_id FOREIGN KEY(entry_id) REFERENCES ledger_entry (id), 
	CONSTRAINT fk_piecework_inspection_inspector_id FOREIGN KEY(inspector_id) REFERENCES account (id), 
	CONSTRAINT fk_piecework_inspection_order_id FOREIGN KEY(order_id) REFERENCES piecework_order (id), 
	CONSTRAINT fk_piecework_inspection_reversed_by_id FOREIGN KEY(reversed_by_id) REFERENCES ledger_entry (id), 
	CONSTRAINT uq_piecework_inspection_entry_id UNIQUE (entry_id)
);
CREATE TABLE piecework_lot (
	id INTEGER NOT NULL, 
	order_id INTEGER NOT NULL, 
	material_id INTEGER NOT NULL, 
	label VARCHAR(40) NOT NULL, 
	received_at DATETIME NOT NULL, 
	received_by_id INTEGER, 
	CONSTRAINT pk_piecework_lot PRIMARY KEY (id), 
	CONSTRAINT fk_piecework_lot_material_id FOREIGN KEY(material_id) REFERENCES piecework_material (id), 
	CONSTRAINT fk_piecework_lot_order_id FOREIGN KEY(order_id) REFERENCES piecework_order (id), 
	CONSTRAINT fk_piecework_lot_received_by_id FOREIGN KEY(received_by_id) REFERENCES account (id)
);
CREATE TABLE piecework_material (
	id INTEGER NOT NULL, 
	order_id INTEGER NOT NULL, 
	name VARCHAR(40) NOT NULL, 
	unit VARCHAR(32) NOT NULL, 
	use_amount INTEGER NOT NULL, 
	allowance_permille INTEGER NOT NULL, 
	pack_size INTEGER NOT NULL, 
	cost_fen INTEGER NOT NULL, 
	CONSTRAINT pk_piecework_material PRIMARY KEY (id), 
	CONSTRAINT ck_piecework_material_allowance_in_range CHECK (allowance_permille BETWEEN 0 AND 500), 
	CONSTRAINT ck_piecework_material_cost_not_negative CHECK (cost_fen >= 0), 
	CONSTRAINT ck_piecework_material_pack_in_range CHECK (pack_size BETWEEN 1 AND 1000000), 
	CONSTRAINT ck_piecework_material_use_in_range CHECK (use_amount BETWEEN 1 AND 1000000), 
	CONSTRAINT fk_piecework_material_order_id FOREIGN KEY(order_id) REFERENCES piecework_order (id), 
	CONSTRAINT ck_piecework_material_materialunit CHECK (unit IN ('piece', 'gram', 'centimetre', 'millilitre'))
);
CREATE TABLE piecework_order (
	id INTEGER NOT NULL, 
	opening_id INTEGER NOT NULL, 
	employer_id INTEGER NOT NULL, 
	mode VARCHAR(32) NOT NULL, 
	state VARCHAR(32) NOT NULL, 
	hold VARCHAR(32), 
	hold_reason VARCHAR(200) NOT NULL, 
	piece_unit VARCHAR(8) NOT NULL, 
	quantity INTEGER NOT NULL, 
	claimed INTEGER NOT NULL, 
	lot_pieces INTEGER NOT NULL, 
	household_limit INTEGER, 
	rate_fen INTEGER NOT NULL, 
	margin_fen INTEGER NOT NULL, 
	price_fen INTEGER NOT NULL, 
	deadline DATE, 
	quality TEXT NOT NULL, 
	acceptance VARCHAR(32), 
	acceptance_note VARCHAR(300) NOT NULL, 
	material_supply VARCHAR(300) NOT NULL, 
	release_unpaid BOOLEAN NOT NULL, 
	release_note VARCHAR(200) NOT NULL, 
	paid_fen INTEGER NOT NULL, 
	released_fen INTEGER NOT NULL, 
	safety JSON NOT NULL, 
	safety_note VARCHAR(300) NOT NULL, 
	safety_by_id INTEGER, 
	safety_at DATETIME, 
	sample_code VARCHAR(40) NOT NULL, 
	sample_pieces INTEGER NOT NULL, 
	sample_passed INTEGER NOT NULL, 
	sealed_by_id INTEGER, 
	sealed_at DATETIME, 
	second_inspector_not_id INTEGER, 
	version INTEGER NOT NULL, 
	created_by_id INTEGER, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	published_at DATETIME, 
	closed_at DATETIME, 
	CONSTRAINT pk_piecework_order PRIMARY KEY (id), 
	CONSTRAINT ck_piecework_order_waiver_has_words CHECK (NOT release_unpaid OR release_note <> ''), 
	CONSTRAINT ck_piecework_order_fees_within_price CHECK (state = 'draft' OR rate_fen + margin_fen <= price_fen), 
	CONSTRAINT ck_piecework_order_published_has_terms CHECK (state IN ('draft', 'safety_review', 'sample_sealed', 'cancelled') OR (quantity > 0 AND quality <> '' AND rate_fen > 0 AND material_supply <> '' AND deadline IS NOT NULL AND acceptance IS NOT NULL AND published_at IS NOT NULL)), 
	CONSTRAINT ck_piecework_order_claimed_within_quantity CHECK (claimed BETWEEN 0 AND quantity), 
	CONSTRAINT ck_piecework_order_limit_positive CHECK (household_limit >= 1), 
	CONSTRAINT ck_piecework_order_lot_positive CHECK (lot_pieces >= 1), 
	CONSTRAINT ck_piecework_order_paid_not_negative CHECK (paid_fen >= 0 AND released_fen >= 0), 
	CONSTRAINT ck_piecework_order_quantity_in_range CHECK (quantity BETWEEN 0 AND 10000000), 
	CONSTRAINT ck_piecework_order_money_not_negative CHECK (rate_fen >= 0 AND margin_fen >= 0 AND price_fen >= 0), 
	CONSTRAINT ck_piecework_order_released_is_paid CHECK (released_fen <= paid_fen OR release_unpaid), 
	CONSTRAINT ck_piecework_order_sample_in_order CHECK (sample_passed BETWEEN 0 AND sample_pieces), 
	CONSTRAINT fk_piecework_order_created_by_id FOREIGN KEY(created_by_id) REFERENCES account (id), 
	CONSTRAINT fk_piecework_order_employer_id FOREIGN KEY(employer_id) REFERENCES employer (id), 
	CONSTRAINT fk_piecework_order_opening_id FOREIGN KEY(opening_id) REFERENCES opening (id), 
	CONSTRAINT fk_piecework_order_safety_by_id FOREIGN KEY(safety_by_id) REFERENCES account (id), 
	CONSTRAINT fk_piecework_order_sealed_by_id FOREIGN KEY(sealed_by_id) REFERENCES account (id), 
	CONSTRAINT fk_piecework_order_second_inspector_not_id FOREIGN KEY(second_inspector_not_id) REFERENCES account (id), 
	CONSTRAINT uq_piecework_order_opening_id UNIQUE (opening_id), 
	CONSTRAINT ck_piecework_order_mode CHECK (mode IN ('supplied', 'own_material', 'company_family')), 
	CONSTRAINT ck_piecework_order_orderstate CHECK (state IN ('draft', 'safety_review', 'sample_sealed', 'published', 'material_in', 'in_production', 'part_delivered', 'company_accepted', 'paid', 'closed', 'cancelled')), 
	CONSTRAINT ck_piecework_order_orderhold CHECK (hold IN ('paused', 'requirement_changed', 'disputed')), 
	CONSTRAINT ck_piecework_order_acceptance CHECK (acceptance IN ('each', 'sample', 'company'))
);
CREATE TABLE piecework_photo (
	id INTEGER NOT NULL, 
	inspection_id INTEGER NOT NULL, 
	stored VARCHAR(40) NOT NULL, 
	width INTEGER NOT NULL, 
	height INTEGER NOT NULL, 
	added_at DATETIME NOT NULL, 
	CONSTRAINT pk_piecework_photo PRIMARY KEY (id), 
	CONSTRAINT fk_piecework_photo_inspection_id FOREIGN KEY(inspection_id) REFERENCES piecework_inspection (id), 
	CONSTRAINT uq_piecework_photo_stored UNIQUE (stored)
);
CREATE TABLE piecework_tranche (
	id INTEGER NOT NULL, 
	order_id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	pieces INTEGER NOT NULL, 
	value_fen BIGINT NOT NULL, 
	state VARCHAR(32) NOT NULL, 
	reason VARCHAR(300) NOT NULL, 
	offered_at DATETIME NOT NULL, 
	answered_at DATETIME, 
	released_at DATETIME, 
	form_key VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_piecework_tranche PRIMARY KEY (id), 
	CONSTRAINT ck_piecework_tranche_pieces_positive CHECK (pieces > 0), 
	CONSTRAINT ck_piecework_tranche_value_not_negative CHECK (value_fen >= 0), 
	CONSTRAINT fk_piecework_tranche_order_id FOREIGN KEY(order_id) REFERENCES piecework_order (id), 
	CONSTRAINT uq_piecework_tranche_form_key UNIQUE (form_key), 
	CONSTRAINT ck_piecework_tranche_tranchestate CHECK (state IN ('offered', 'taken', 'refused', 'released'))
);
CREATE TABLE piecework_trial (
	id INTEGER NOT NULL, 
	order_id INTEGER NOT NULL, 
	resident_id INTEGER, 
	pieces INTEGER NOT NULL, 
	seconds INTEGER NOT NULL, 
	passed INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	recorded_by_id INTEGER, 
	form_key VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_piecework_trial PRIMARY KEY (id), 
	CONSTRAINT ck_piecework_trial_passed_within_pieces CHECK (passed BETWEEN 0 AND pieces), 
	CONSTRAINT ck_piecework_trial_pieces_in_range CHECK (pieces BETWEEN 1 AND 10000), 
	CONSTRAINT ck_piecework_trial_seconds_in_range CHECK (seconds BETWEEN 1 AND 360000), 
	CONSTRAINT fk_piecework_trial_order_id FOREIGN KEY(order_id) REFERENCES piecework_order (id), 
	CONSTRAINT fk_piecework_trial_recorded_by_id FOREIGN KEY(recorded_by_id) REFERENCES account (id), 
	CONSTRAINT fk_piecework_trial_resident_id FOREIGN KEY(resident_id) REFERENCES resident (id), 
	CONSTRAINT uq_piecework_trial_form_key UNIQUE (form_key)
);
CREATE TABLE resident (
	id INTEGER NOT NULL, 
	household_id INTEGER NOT NULL, 
	account_id INTEGER, 
	branch_id INTEGER NOT NULL, 
	name VARCHAR(40) NOT NULL, 
	sex VARCHAR(32), 
	birth_date DATE, 
	phone VARCHAR(11), 
	contact_note VARCHAR(100) NOT NULL, 
	education VARCHAR(32), 
	wanted JSON NOT NULL, 
	skills JSON NOT NULL, 
	certificates JSON NOT NULL, 
	limits JSON NOT NULL, 
	kinds JSON NOT NULL, 
	available JSON NOT NULL, 
	reach VARCHAR(32), 
	min_pay_fen INTEGER, 
	situation VARCHAR(200) NOT NULL, 
	state VARCHAR(32) NOT NULL, 
	import_key VARCHAR(64), 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	CONSTRAINT pk_resident PRIMARY KEY (id), 
	CONSTRAINT ck_resident_min_pay_not_negative CHECK (min_pay_fen >= 0), 
	CONSTRAINT fk_resident_account_id FOREIGN KEY(account_id) REFERENCES account (id), 
	CONSTRAINT fk_resident_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id), 
	CONSTRAINT fk_resident_household_id FOREIGN KEY(household_id) REFERENCES household (id), 
	CONSTRAINT uq_resident_account_id UNIQUE (account_id), 
	CONSTRAINT uq_resident_import_key UNIQUE (import_key), 
	CONSTRAINT ck_resident_sex CHECK (sex IN ('female', 'male')), 
	CONSTRAINT ck_resident_education CHECK (education IN ('none', 'primary', 'junior_high', 'senior_high', 'vocational', 'college', 'bachelor')), 
	CONSTRAINT ck_resident_reach CHECK (reach IN ('home', 'estate', 'street', 'district', 'city', 'anywhere')), 
	CONSTRAINT ck_resident_residentstate CHECK (state IN ('seeking', 'paused', 'employed', 'left'))
);
INSERT INTO "resident" VALUES(1,1,3,1,'陈桂芳',NULL,NULL,'13922223333','',NULL,'["\u7f1d\u7eab\u6d3b", "\u6765\u6599\u52a0\u5de5"]','["\u4f1a\u8e29\u7f1d\u7eab\u673a", "\u5e73\u8f66\u9501\u8fb9"]','[]','[]','[]','[]',NULL,NULL,'','employed',NULL,'2026-11-30 13:01:14.125709','2026-11-30 13:01:21.641106');
INSERT INTO "resident" VALUES(2,2,4,1,'刘小琴',NULL,NULL,'13933334444','',NULL,'["\u7f1d\u7eab"]','[]','[]','[]','[]','[]',NULL,NULL,'','seeking',NULL,'2026-11-30 13:01:23.557614','2026-11-30 13:01:23.664447');
CREATE TABLE rule_figure (
	id INTEGER NOT NULL, 
	name VARCHAR(40) NOT NULL, 
	value INTEGER NOT NULL, 
	unit VARCHAR(16) NOT NULL, 
	since DATE NOT NULL, 
	source VARCHAR(300) NOT NULL, 
	confirmed_at DATETIME, 
	confirmed_by_id INTEGER, 
	added_by_id INTEGER, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_rule_figure PRIMARY KEY (id), 
	CONSTRAINT ck_rule_figure_value_not_negative CHECK (value >= 0), 
	CONSTRAINT ck_rule_figure_confirmed_by_somebody CHECK ((confirmed_at IS NULL) = (confirmed_by_id IS NULL)), 
	CONSTRAINT fk_rule_figure_confirmed_by_id FOREIGN KEY(confirmed_by_id) REFERENCES account (id), 
	CONSTRAINT fk_rule_figure_added_by_id FOREIGN KEY(added_by_id) REFERENCES account (id), 
	CONSTRAINT uq_rule_figure_name_since_value UNIQUE (name, since, value)
);
CREATE TABLE saved_filter (
	id INTEGER NOT NULL, 
	account_id INTEGER NOT NULL, 
	list VARCHAR(32) NOT NULL, 
	name VARCHAR(20) NOT NULL, 
	"query" VARCHAR(300) NOT NULL, 
	CONSTRAINT pk_saved_filter PRIMARY KEY (id), 
	CONSTRAINT fk_saved_filter_account_id FOREIGN KEY(account_id) REFERENCES account (id) ON DELETE CASCADE, 
	CONSTRAINT uq_saved_filter_account_id_list_name UNIQUE (account_id, list, name), 
	CONSTRAINT ck_saved_filter_filteredlist CHECK (list IN ('queue', 'residents'))
);
CREATE TABLE sensitive_record (
	id INTEGER NOT NULL, 
	resident_id INTEGER NOT NULL, 
	id_number TEXT, 
	disability TEXT, 
	allowance TEXT, 
	CONSTRAINT pk_sensitive_record PRIMARY KEY (id), 
	CONSTRAINT fk_sensitive_record_resident_id FOREIGN KEY(resident_id) REFERENCES resident (id) ON DELETE CASCADE, 
	CONSTRAINT uq_sensitive_record_resident_id UNIQUE (resident_id)
);
CREATE TABLE settlement_line (
	id INTEGER NOT NULL, 
	run_id INTEGER NOT NULL, 
	household_id INTEGER NOT NULL, 
	assignment_id INTEGER NOT NULL, 
	gross_fen INTEGER NOT NULL, 
	deduction_fen INTEGER NOT NULL, 
	net_fen INTEGER NOT NULL, 
	entry_id INTEGER NOT NULL, 
	CONSTRAINT pk_settlement_line PRIMARY KEY (id), 
	CONSTRAINT ck_settlement_line_deduction_within_gross CHECK (deduction_fen BETWEEN 0 AND gross_fen), 
	CONSTRAINT ck_settlement_line_gross_positive CHECK (gross_fen > 0), 
	CONSTRAINT ck_settlement_line_net_is_gross_less_deduction CHECK (net_fen = gross_fen - deduction_fen), 
	CONSTRAINT fk_settlement_line_assignment_id FOREIGN KEY(assignment_id) REFERENCES piecework_assignment (id), 
	CONSTRAINT fk_settlement_line_entry_id FOREIGN KEY(entry_id) REFERENCES ledger_entry (id), 
	CONSTRAINT fk_settlement_line_household_id FOREIGN KEY(household_id) REFERENCES household (id), 
	CONSTRAINT fk_settlement_line_run_id FOREIGN KEY(run_id) REFERENCES settlement_run (id), 
	CONSTRAINT uq_settlement_line_entry_id UNIQUE (entry_id)
);
CREATE TABLE settlement_month (
	id INTEGER NOT NULL, 
	household_id INTEGER NOT NULL, 
	month VARCHAR(7) NOT NULL, 
	cap_permille INTEGER NOT NULL, 
	gross_fen BIGINT NOT NULL, 
	deduction_fen BIGINT NOT NULL, 
	CONSTRAINT pk_settlement_month PRIMARY KEY (id), 
	CONSTRAINT ck_settlement_month_deduction_within_cap CHECK (deduction_fen * 1000 <= gross_fen * cap_permille), 
	CONSTRAINT ck_settlement_month_sums_not_negative CHECK (gross_fen >= 0 AND deduction_fen >= 0), 
	CONSTRAINT fk_settlement_month_household_id FOREIGN KEY(household_id) REFERENCES household (id)
);
CREATE TABLE settlement_payment (
	id INTEGER NOT NULL, 
	line_id INTEGER NOT NULL, 
	method VARCHAR(32) NOT NULL, 
	reference VARCHAR(80) NOT NULL, 
	paid_by_id INTEGER NOT NULL, 
	paid_at DATETIME NOT NULL, 
	entry_id INTEGER NOT NULL, 
	CONSTRAINT pk_settlement_payment PRIMARY KEY (id), 
	CONSTRAINT fk_settlement_payment_entry_id FOREIGN KEY(entry_id) REFERENCES ledger_entry (id), 
	CONSTRAINT fk_settlement_payment_line_id FOREIGN KEY(line_id) REFERENCES settlement_line (id), 
	CONSTRAINT fk_settlement_payment_paid_by_id FOREIGN KEY(paid_by_id) REFERENCES account (id), 
	CONSTRAINT uq_settlement_payment_entry_id UNIQUE (entry_id), 
	CONSTRAINT uq_settlement_payment_line_id UNIQUE (line_id), 
	CONSTRAINT ck_settlement_payment_paymentmethod CHECK (method IN ('bank', 'cash', 'wechat'))
);
CREATE TABLE settlement_run (
	id INTEGER NOT NULL, 
	period_from DATE NOT NULL, 
	period_to DATE NOT NULL, 
	lines INTEGER NOT NULL, 
	gross_fen BIGINT NOT NULL, 
	deduction_fen BIGINT NOT NULL, 
	net_fen BIGINT NOT NULL, 
	made_at DATETIME NOT NULL, 
	made_by_id INTEGER, 
	form_key VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_settlement_run PRIMARY KEY (id), 
	CONSTRAINT ck_settlement_run_sums_not_negative CHECK (gross_fen >= 0 AND deduction_fen >= 0), 
	CONSTRAINT ck_settlement_run_net_is_gross_less_deduction CHECK (net_fen = gross_fen - deduction_fen), 
	CONSTRAINT ck_settlement_run_period_in_order CHECK (period_to >= period_from), 
	CONSTRAINT fk_settlement_run_made_by_id FOREIGN KEY(made_by_id) REFERENCES account (id), 
	CONSTRAINT uq_settlement_run_form_key UNIQUE (form_key)
);
CREATE TABLE sign_in_failure (
	id INTEGER NOT NULL, 
	bucket VARCHAR(64) NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_sign_in_failure PRIMARY KEY (id)
);
CREATE TABLE slip (
	id INTEGER NOT NULL, 
	thread_id INTEGER NOT NULL, 
	created_at DATETIME NOT NULL, 
	printed_at DATETIME, 
	handed_at DATETIME, 
	handed_by_id INTEGER, 
	by_phone BOOLEAN NOT NULL, 
	CONSTRAINT pk_slip PRIMARY KEY (id), 
	CONSTRAINT fk_slip_handed_by_id FOREIGN KEY(handed_by_id) REFERENCES account (id), 
	CONSTRAINT fk_slip_thread_id FOREIGN KEY(thread_id) REFERENCES message_thread (id) ON DELETE CASCADE
);
CREATE TABLE suggestion_request (
	id INTEGER NOT NULL, 
	resident_id INTEGER, 
	requested_at DATETIME NOT NULL, 
	CONSTRAINT pk_suggestion_request PRIMARY KEY (id), 
	CONSTRAINT fk_suggestion_request_resident_id FOREIGN KEY(resident_id) REFERENCES resident (id) ON DELETE CASCADE
);
INSERT INTO "suggestion_request" VALUES(1,1,'2026-11-30 13:01:21.647456');
INSERT INTO "suggestion_request" VALUES(2,2,'2026-11-30 13:01:23.664991');
CREATE TABLE wording_rule (
	id INTEGER NOT NULL, 
	pattern TEXT NOT NULL, 
	literal BOOLEAN NOT NULL, 
	code VARCHAR(32) NOT NULL, 
	severity VARCHAR(32) NOT NULL, 
	says VARCHAR(120) NOT NULL, 
	source VARCHAR(200) NOT NULL, 
	since DATE NOT NULL, 
	until DATE, 
	added_by_id INTEGER, 
	ended_by_id INTEGER, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_wording_rule PRIMARY KEY (id), 
	CONSTRAINT ck_wording_rule_people_write_phrases CHECK (literal OR added_by_id IS NULL), 
	CONSTRAINT ck_wording_rule_ends_after_it_begins CHECK (until IS NULL OR until >= since), 
	CONSTRAINT fk_wording_rule_added_by_id FOREIGN KEY(added_by_id) REFERENCES account (id), 
	CONSTRAINT fk_wording_rule_ended_by_id FOREIGN KEY(ended_by_id) REFERENCES account (id), 
	CONSTRAINT ck_wording_rule_wordingcode CHECK (code IN ('deposit', 'fee', 'id_retention', 'sex', 'marriage', 'ethnicity', 'disability', 'looks', 'disease', 'hukou', 'age', 'bait')), 
	CONSTRAINT ck_wording_rule_severity CHECK (severity IN ('block', 'flag'))
);
CREATE INDEX ix_audit_event_account_id ON audit_event (account_id);
CREATE INDEX ix_audit_event_action ON audit_event (action);
CREATE INDEX ix_audit_event_at ON audit_event (at);
CREATE INDEX ix_audit_event_subject ON audit_event (subject);
CREATE INDEX ix_sign_in_failure_at ON sign_in_failure (at);
CREATE INDEX ix_sign_in_failure_bucket ON sign_in_failure (bucket);
CREATE INDEX ix_account_branch_id ON account (branch_id);
CREATE INDEX ix_household_responsible_id ON household (responsible_id);
CREATE UNIQUE INDEX uq_household_door ON household (place, door);
CREATE INDEX ix_login_session_account_id ON login_session (account_id);
CREATE INDEX ix_login_session_expires_at ON login_session (expires_at);
CREATE INDEX ix_employer_member_employer_id ON employer_member (employer_id);
CREATE INDEX ix_resident_branch_id ON resident (branch_id);
CREATE INDEX ix_resident_household_id ON resident (household_id);
CREATE INDEX ix_resident_name ON resident (name);
CREATE INDEX ix_resident_phone ON resident (phone);
CREATE INDEX ix_resident_state_branch ON resident (state, branch_id);
CREATE INDEX ix_consent_employer_id ON consent (employer_id);
CREATE INDEX ix_consent_resident_id ON consent (resident_id);
CREATE UNIQUE INDEX uq_consent_standing ON consent (resident_id, purpose) WHERE withdrawn_at IS NULL AND employer_id IS NULL;
CREATE UNIQUE INDEX uq_consent_standing_employer ON consent (resident_id, employer_id) WHERE withdrawn_at IS NULL AND employer_id IS NOT NULL;
CREATE INDEX ix_experience_resident_id ON experience (resident_id);
CREATE INDEX ix_suggestion_request_resident_id ON suggestion_request (resident_id);
CREATE INDEX ix_match_event_at ON match_event (at);
CREATE INDEX ix_match_event_match_id ON match_event (match_id);
CREATE TRIGGER audit_event_no_UPDATE BEFORE UPDATE ON audit_event
BEGIN SELECT RAISE(ABORT, 'audit_event is append-only'); END;
CREATE TRIGGER audit_event_no_DELETE BEFORE DELETE ON audit_event
BEGIN SELECT RAISE(ABORT, 'audit_event is append-only'); END;
CREATE INDEX ix_import_batch_digest ON import_batch (digest);
CREATE INDEX ix_import_batch_account_id ON import_batch (account_id);
CREATE INDEX ix_import_batch_branch_id ON import_batch (branch_id);
CREATE INDEX ix_import_batch_state ON import_batch (state);
CREATE INDEX ix_match_state ON "match" (state);
CREATE INDEX ix_match_opening_state ON "match" (opening_id, state);
CREATE INDEX ix_match_resident_id ON "match" (resident_id);
CREATE INDEX ix_match_opening_id ON "match" (opening_id);
CREATE INDEX ix_match_queue ON "match" (state, position, score, resident_id, opening_id, postponed_until);
CREATE INDEX ix_match_resident_state ON "match" (resident_id, state);
CREATE INDEX ix_settlement_run_period_to ON settlement_run (period_to);
CREATE UNIQUE INDEX uq_settlement_month ON settlement_month (household_id, month);
CREATE INDEX ix_piecework_order_employer_id ON piecework_order (employer_id);
CREATE INDEX ix_piecework_order_state_deadline ON piecework_order (state, deadline);
CREATE INDEX ix_piecework_assignment_household_state ON piecework_assignment (household_id, state);
CREATE INDEX ix_piecework_assignment_order_state ON piecework_assignment (order_id, state);
CREATE INDEX ix_piecework_assignment_state ON piecework_assignment (state);
CREATE INDEX ix_piecework_material_order_id ON piecework_material (order_id);
CREATE UNIQUE INDEX uq_piecework_material_name ON piecework_material (order_id, name);
CREATE INDEX ix_piecework_tranche_state ON piecework_tranche (state);
CREATE UNIQUE INDEX uq_piecework_tranche ON piecework_tranche (order_id, number);
CREATE INDEX ix_piecework_trial_order_id ON piecework_trial (order_id);
CREATE INDEX ix_piecework_trial_resident_id ON piecework_trial (resident_id);
CREATE INDEX ix_ledger_entry_assignment_id ON ledger_entry (assignment_id);
CREATE INDEX ix_ledger_entry_order_at ON ledger_entry (order_id, at);
CREATE INDEX ix_piecework_assignment_material_material_id ON piecework_assignment_material (material_id);
CREATE UNIQUE INDEX uq_piecework_assignment_material ON piecework_assignment_material (assignment_id, material_id);
CREATE INDEX ix_piecework_assignment_member_resident_id ON piecework_assignment_member (resident_id);
CREATE UNIQUE INDEX uq_piecework_member ON piecework_assignment_member (assignment_id, resident_id);
CREATE INDEX ix_piecework_dispute_assignment_id ON piecework_dispute (assignment_id);
CREATE INDEX ix_piecework_dispute_decided_at ON piecework_dispute (decided_at);
CREATE INDEX ix_piecework_dispute_order_id ON piecework_dispute (order_id);
CREATE INDEX ix_piecework_event_assignment_id ON piecework_event (assignment_id);
CREATE INDEX ix_piecework_event_order ON piecework_event (order_id, at);
CREATE INDEX ix_piecework_lot_material_id ON piecework_lot (material_id);
CREATE INDEX ix_piecework_lot_order_id ON piecework_lot (order_id);
CREATE INDEX ix_ledger_account_assignment_id ON ledger_account (assignment_id);
CREATE INDEX ix_ledger_account_lot_id ON ledger_account (lot_id);
CREATE INDEX ix_ledger_account_order_place ON ledger_account (order_id, place);
CREATE INDEX ix_passbook_line_assignment_id ON passbook_line (assignment_id);
CREATE INDEX ix_passbook_line_entry_id ON passbook_line (entry_id);
CREATE UNIQUE INDEX uq_passbook_line ON passbook_line (household_id, number);
CREATE INDEX ix_piecework_company_payment_order_id ON piecework_company_payment (order_id);
CREATE INDEX ix_piecework_company_payment_state ON piecework_company_payment (state);
CREATE INDEX ix_piecework_compensation_decided_at ON piecework_compensation (decided_at);
CREATE INDEX ix_piecework_compensation_order_id ON piecework_compensation (order_id);
CREATE INDEX ix_piecework_delivery_inspected ON piecework_delivery (inspected);
CREATE INDEX ix_piecework_delivery_submitted_at ON piecework_delivery (submitted_at);
CREATE UNIQUE INDEX uq_piecework_delivery ON piecework_delivery (assignment_id, number);
CREATE INDEX ix_piecework_finding_assignment_id ON piecework_finding (assignment_id);
CREATE INDEX ix_settlement_line_assignment_id ON settlement_line (assignment_id);
CREATE INDEX ix_settlement_line_household_id ON settlement_line (household_id);
CREATE UNIQUE INDEX uq_settlement_line ON settlement_line (run_id, assignment_id);
CREATE INDEX ix_ledger_line_entry_id ON ledger_line (entry_id);
CREATE INDEX ix_ledger_line_from_account_id ON ledger_line (from_account_id);
CREATE INDEX ix_ledger_line_to_account_id ON ledger_line (to_account_id);
CREATE INDEX ix_piecework_inspection_assignment_id ON piecework_inspection (assignment_id);
CREATE INDEX ix_piecework_inspection_delivery_id ON piecework_inspection (delivery_id);
CREATE INDEX ix_piecework_inspection_inspector_id ON piecework_inspection (inspector_id);
CREATE INDEX ix_piecework_inspection_order_id ON piecework_inspection (order_id);
CREATE UNIQUE INDEX uq_piecework_inspection_standing ON piecework_inspection (delivery_id) WHERE reversed_by_id IS NULL;
CREATE INDEX ix_settlement_payment_paid_by_id ON settlement_payment (paid_by_id);
CREATE INDEX ix_piecework_photo_inspection_id ON piecework_photo (inspection_id);
CREATE TRIGGER ledger_entry_no_update BEFORE UPDATE ON ledger_entry WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'ledger_entry is append-only'); END;
CREATE TRIGGER ledger_line_no_update BEFORE UPDATE ON ledger_line WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'ledger_line is append-only'); END;
CREATE TRIGGER passbook_line_no_update BEFORE UPDATE ON passbook_line WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'passbook_line is append-only'); END;
CREATE TRIGGER piecework_event_no_update BEFORE UPDATE ON piecework_event WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'piecework_event is append-only'); END;
CREATE TRIGGER settlement_payment_no_update BEFORE UPDATE ON settlement_payment WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'settlement_payment is append-only'); END;
CREATE TRIGGER ledger_entry_no_delete BEFORE DELETE ON ledger_entry WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'ledger_entry keeps its rows'); END;
CREATE TRIGGER ledger_line_no_delete BEFORE DELETE ON ledger_line WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'ledger_line keeps its rows'); END;
CREATE TRIGGER passbook_line_no_delete BEFORE DELETE ON passbook_line WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'passbook_line keeps its rows'); END;
CREATE TRIGGER piecework_event_no_delete BEFORE DELETE ON piecework_event WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'piecework_event keeps its rows'); END;
CREATE TRIGGER settlement_payment_no_delete BEFORE DELETE ON settlement_payment WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'settlement_payment keeps its rows'); END;
CREATE TRIGGER ledger_account_no_delete BEFORE DELETE ON ledger_account WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'ledger_account keeps its rows'); END;
CREATE TRIGGER passbook_head_no_delete BEFORE DELETE ON passbook_head WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'passbook_head keeps its rows'); END;
CREATE TRIGGER piecework_order_no_delete BEFORE DELETE ON piecework_order WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'piecework_order keeps its rows'); END;
CREATE TRIGGER piecework_assignment_no_delete BEFORE DELETE ON piecework_assignment WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'piecework_assignment keeps its rows'); END;
CREATE TRIGGER piecework_delivery_no_delete BEFORE DELETE ON piecework_delivery WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'piecework_delivery keeps its rows'); END;
CREATE TRIGGER piecework_inspection_no_delete BEFORE DELETE ON piecework_inspection WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'piecework_inspection keeps its rows'); END;
CREATE TRIGGER piecework_finding_no_delete BEFORE DELETE ON piecework_finding WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'piecework_finding keeps its rows'); END;
CREATE TRIGGER piecework_lot_no_delete BEFORE DELETE ON piecework_lot WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'piecework_lot keeps its rows'); END;
CREATE TRIGGER piecework_tranche_no_delete BEFORE DELETE ON piecework_tranche WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'piecework_tranche keeps its rows'); END;
CREATE TRIGGER piecework_company_payment_no_delete BEFORE DELETE ON piecework_company_payment WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'piecework_company_payment keeps its rows'); END;
CREATE TRIGGER piecework_compensation_no_delete BEFORE DELETE ON piecework_compensation WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'piecework_compensation keeps its rows'); END;
CREATE TRIGGER piecework_dispute_no_delete BEFORE DELETE ON piecework_dispute WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'piecework_dispute keeps its rows'); END;
CREATE TRIGGER settlement_run_no_delete BEFORE DELETE ON settlement_run WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'settlement_run keeps its rows'); END;
CREATE TRIGGER settlement_line_no_delete BEFORE DELETE ON settlement_line WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'settlement_line keeps its rows'); END;
CREATE TRIGGER settlement_month_no_delete BEFORE DELETE ON settlement_month WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'settlement_month keeps its rows'); END;
CREATE TRIGGER ledger_account_fixed BEFORE UPDATE OF key, ledger, place, order_id, lot_id, assignment_id ON ledger_account WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'only the balance of an account moves'); END;
CREATE TRIGGER ledger_line_in_one_unit BEFORE INSERT ON ledger_line WHEN NOT EXISTS (SELECT 1 FROM ledger_account f, ledger_account t, ledger_entry e WHERE f.id = NEW.from_account_id AND t.id = NEW.to_account_id AND e.id = NEW.entry_id AND f.ledger = t.ledger AND f.order_id = t.order_id AND e.order_id = f.order_id AND f.lot_id IS NOT DISTINCT FROM t.lot_id) BEGIN SELECT RAISE(ABORT, 'a line stays within one order, ledger and lot'); END;
CREATE TRIGGER assignment_rate_locked BEFORE UPDATE OF rate_fen ON piecework_assignment WHEN OLD.rate_fen IS NOT NULL AND NEW.rate_fen IS DISTINCT FROM OLD.rate_fen BEGIN SELECT RAISE(ABORT, 'the rate is locked at issue'); END;
CREATE TRIGGER assignment_rate_within_price BEFORE UPDATE OF rate_fen ON piecework_assignment WHEN NEW.rate_fen IS NOT NULL AND OLD.rate_fen IS NULL AND EXISTS (SELECT 1 FROM piecework_order o WHERE o.id = NEW.order_id AND NEW.rate_fen + o.margin_fen > o.price_fen) BEGIN SELECT RAISE(ABORT, 'fees and margin stay within the price'); END;
CREATE TRIGGER order_price_covers_rates BEFORE UPDATE OF price_fen, margin_fen ON piecework_order WHEN EXISTS (SELECT 1 FROM piecework_assignment a WHERE a.order_id = NEW.id AND a.state NOT IN ('settled', 'closed', 'withdrawn') AND a.rate_fen + NEW.margin_fen > NEW.price_fen) BEGIN SELECT RAISE(ABORT, 'fees and margin stay within the price'); END;
CREATE TRIGGER assignment_closes_at_zero BEFORE UPDATE OF state ON piecework_assignment WHEN NEW.state IN ('closed', 'withdrawn') AND NEW.state <> OLD.state AND EXISTS (SELECT 1 FROM ledger_account l WHERE l.assignment_id = NEW.id AND l.balance <> 0 AND l.place IN ('centre', 'household', 'replacement', 'pending', 'rework', 'finished', 'offered', 'taken', 'receivable', 'payable', 'to_pay', 'advance', 'bank', 'margin', 'reserve')) BEGIN SELECT RAISE(ABORT, 'a share closes at zero balances'); END;
CREATE TRIGGER order_closes_at_zero BEFORE UPDATE OF state ON piecework_order WHEN NEW.state = 'closed' AND OLD.state <> 'closed' AND (EXISTS (SELECT 1 FROM ledger_account l WHERE l.order_id = NEW.id AND l.balance <> 0 AND l.place IN ('centre', 'household', 'replacement', 'pending', 'rework', 'finished', 'offered', 'taken', 'receivable', 'payable', 'to_pay', 'advance', 'bank', 'margin', 'reserve')) OR EXISTS (SELECT 1 FROM piecework_compensation c WHERE c.order_id = NEW.id AND c.decided_at IS NULL)) BEGIN SELECT RAISE(ABORT, 'an order closes at zero balances'); END;
CREATE TRIGGER order_cancel_opens_compensation BEFORE UPDATE OF state ON piecework_order WHEN NEW.state = 'cancelled' AND OLD.state IN ('published', 'material_in', 'in_production', 'part_delivered') AND NOT EXISTS (SELECT 1 FROM piecework_compensation c WHERE c.order_id = NEW.id AND c.cause = 'cancel') BEGIN SELECT RAISE(ABORT, 'a cancellation opens a compensation record'); END;
CREATE TRIGGER order_change_opens_compensation BEFORE UPDATE OF quantity, rate_fen, price_fen, deadline, quality ON piecework_order WHEN OLD.state IN ('published', 'material_in', 'in_production', 'part_delivered') AND (NEW.quantity <> OLD.quantity OR NEW.rate_fen <> OLD.rate_fen OR NEW.price_fen <> OLD.price_fen OR NEW.deadline <> OLD.deadline OR NEW.quality <> OLD.quality) AND NOT EXISTS (SELECT 1 FROM piecework_compensation c WHERE c.order_id = NEW.id AND c.cause = 'change' AND c.decided_at IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'a change opens a compensation record'); END;
CREATE TRIGGER inspector_outside_household BEFORE INSERT ON piecework_inspection WHEN EXISTS (SELECT 1 FROM resident r JOIN piecework_assignment a ON a.household_id = r.household_id LEFT JOIN account c ON c.id = NEW.inspector_id WHERE a.id = NEW.assignment_id AND (r.account_id = NEW.inspector_id OR r.phone = c.phone)) BEGIN SELECT RAISE(ABORT, 'nobody inspects their own household'); END;
CREATE TRIGGER payer_apart BEFORE INSERT ON settlement_payment WHEN EXISTS (SELECT 1 FROM settlement_line s JOIN piecework_inspection i ON i.assignment_id = s.assignment_id WHERE s.id = NEW.line_id AND i.inspector_id = NEW.paid_by_id) OR EXISTS (SELECT 1 FROM settlement_line s JOIN resident r ON r.household_id = s.household_id LEFT JOIN account c ON c.id = NEW.paid_by_id WHERE s.id = NEW.line_id AND (r.account_id = NEW.paid_by_id OR r.phone = c.phone)) BEGIN SELECT RAISE(ABORT, 'the payer is neither the inspector nor of the household'); END;
CREATE INDEX ix_outbox_account_id ON outbox (account_id);
CREATE INDEX ix_outbox_channel_id ON outbox (channel_id);
CREATE INDEX ix_outbox_due ON outbox (due_at) WHERE delivered_at IS NULL;
CREATE INDEX ix_message_thread_last_at ON message_thread (last_at);
CREATE INDEX ix_message_thread_unread_employer ON message_thread (match_id) WHERE unread_employer;
CREATE INDEX ix_message_thread_unread_resident ON message_thread (match_id) WHERE unread_resident;
CREATE INDEX ix_message_thread_unread_staff ON message_thread (match_id) WHERE unread_staff;
CREATE INDEX ix_contact_agreement_thread_id ON contact_agreement (thread_id);
CREATE UNIQUE INDEX uq_contact_agreement_standing ON contact_agreement (thread_id, side) WHERE withdrawn_at IS NULL;
CREATE INDEX ix_message_author_sent ON message (author_id, sent_at);
CREATE INDEX ix_message_thread_id ON message (thread_id);
CREATE INDEX ix_slip_thread_id ON slip (thread_id);
CREATE UNIQUE INDEX uq_slip_waiting ON slip (thread_id) WHERE handed_at IS NULL;
CREATE INDEX ix_message_report_message_id ON message_report (message_id);
CREATE INDEX ix_message_report_open ON message_report (at) WHERE handled_at IS NULL;
CREATE INDEX ix_model_version_name ON model_version (name);
CREATE UNIQUE INDEX uq_model_version_only ON model_version (state) WHERE state IN ('current', 'requested');
CREATE INDEX ix_impression_at ON impression (at);
CREATE INDEX ix_impression_account_id ON impression (account_id);
CREATE INDEX ix_impression_opening_id ON impression (opening_id);
CREATE INDEX ix_duplicate_pair_queue ON duplicate_pair (state, kind, id);
CREATE INDEX ix_employer_state ON employer (state);
CREATE INDEX ix_opening_changes ON opening (state, updated_at, hired_count);
CREATE INDEX ix_opening_employer_id ON opening (employer_id);
CREATE INDEX ix_opening_pay_month_min_fen ON opening (pay_month_min_fen);
CREATE INDEX ix_opening_responsible_id ON opening (responsible_id);
CREATE INDEX ix_opening_kind ON opening (kind);
CREATE INDEX ix_opening_public ON opening (state, valid_until, published_at);
CREATE INDEX ix_opening_state ON opening (state);
CREATE INDEX ix_employer_check_employer_id ON employer_check (employer_id);
CREATE INDEX ix_employer_complaint_employer_id ON employer_complaint (employer_id);
CREATE INDEX ix_employer_complaint_opening_id ON employer_complaint (opening_id);
CREATE INDEX ix_employer_complaint_resident_id ON employer_complaint (resident_id);
CREATE INDEX ix_employer_complaint_state ON employer_complaint (state, created_at);
CREATE INDEX ix_contact_resident ON contact (resident_id, id);
CREATE INDEX ix_contact_account_id ON contact (account_id);
CREATE INDEX ix_contact_next_on ON contact (next_on);
CREATE INDEX ix_saved_filter_account_id ON saved_filter (account_id);
COMMIT;
